package dev.twinstream.app;

import java.util.Random;

/** Made-up texts for tests. */
final class Texts {
  /** A bundle whose encodings mean nothing, but come fast. */
  static final String FAST_MODEL = "../model/bundles/untrained-64";

  private Texts() {}

  static String random(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(word(random));
    }
    return text.toString();
  }

  static String withLastWordsChanged(String text, int words, Random random) {
    String[] all = text.split(" ");
    for (int i = all.length - words; i < all.length; i++) {
      all[i] = word(random);
    }
    return String.join(" ", all);
  }

  private static String word(Random random) {
    return Integer.toString(random.nextInt(1_000_000), 36);
  }
}

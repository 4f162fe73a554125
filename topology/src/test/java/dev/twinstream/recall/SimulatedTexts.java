package dev.twinstream.recall;

import java.util.Random;

/** Made-up texts of words with no meaning. */
final class SimulatedTexts {
  private SimulatedTexts() {}

  static String text(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(Integer.toString(random.nextInt(1_000_000), 36));
    }
    return text.toString();
  }
}

package dev.twinstream.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/** Damage that real copies show. Pure: the same random numbers give the same text. */
final class TextDamage {
  private static final int LINE = 72;
  private static final int LEAST_WORDS = 20;

  /** What a scanner takes one for another, in pairs. */
  private static final String MISREAD = "e c l 1 O 0 S 5 h b i l n u B 8 g q t f a o ";

  private final Random random;
  private final Supplier<String> otherSentence;

  /**
   * @param otherSentence sentences that have nothing to do with the text
   */
  TextDamage(Random random, Supplier<String> otherSentence) {
    this.random = random;
    this.otherSentence = otherSentence;
  }

  /** Of the words edited, 3 in 5 are replaced, 1 is left out, and 1 gets another after it. */
  String editWords(String text, double rate) {
    StringBuilder edited = new StringBuilder(text.length() + 64);
    for (String word : text.split(" ")) {
      if (random.nextDouble() >= rate) {
        append(edited, word);
        continue;
      }
      int what = random.nextInt(5);
      if (what < 3) {
        append(edited, otherWord());
      } else if (what == 3) {
        append(edited, word);
        append(edited, otherWord());
      }
    }
    return edited.toString();
  }

  private String otherWord() {
    String[] words = otherSentence.get().split(" ");
    return words[random.nextInt(words.length)];
  }

  private static void append(StringBuilder text, String word) {
    if (!text.isEmpty()) {
      text.append(' ');
    }
    text.append(word);
  }

  /** A run of {@code least} to {@code most} of the words, from the start or from anywhere. */
  String part(String text, double least, double most, boolean fromStart) {
    String[] words = text.split(" ");
    double share = least + (most - least) * random.nextDouble();
    int count = Math.min(words.length, Math.max(LEAST_WORDS, (int) (share * words.length)));
    int from = fromStart ? 0 : random.nextInt(words.length - count + 1);
    return String.join(" ", List.of(words).subList(from, from + count));
  }

  /** The sentences in another order. */
  String reorder(List<String> sentences) {
    List<String> shuffled = new ArrayList<>(sentences);
    Collections.shuffle(shuffled, random);
    return String.join(" ", shuffled);
  }

  /** Characters misread, lost or doubled, and spaces lost, at a rate of 0.5% to 2%. */
  String scan(String text) {
    double rate = 0.005 + 0.015 * random.nextDouble();
    StringBuilder scanned = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) || random.nextDouble() >= rate) {
        scanned.append(c);
        continue;
      }
      int at = c == ' ' ? -1 : MISREAD.indexOf(c);
      if (at >= 0) {
        scanned.append(MISREAD.charAt(at % 4 == 0 ? at + 2 : at - 2));
      } else if (random.nextBoolean()) {
        scanned.append(c).append(c);
      }
    }
    return scanned.toString();
  }

  /** Upper case, or lines of fixed width, or paragraphs in HTML. */
  String layOut(String text, List<String> sentences) {
    switch (random.nextInt(3)) {
      case 0:
        return text.toUpperCase(Locale.ROOT);
      case 1:
        return wrap(text);
      default:
        return "<p>" + String.join("</p>\n<p>", sentences) + "</p>";
    }
  }

  private static String wrap(String text) {
    StringBuilder wrapped = new StringBuilder(text.length() + 64);
    int column = 0;
    for (String word : text.split(" ")) {
      boolean full = column + word.length() > LINE;
      wrapped.append(column == 0 ? "" : full ? "\r\n    " : "  ").append(word);
      column = full ? word.length() : column + word.length() + 1;
    }
    return wrapped.toString();
  }

  /** The text inside others', 2 to 4 times as long in all. */
  String embed(String text) {
    double times = 1 + 2 * random.nextDouble();
    int wanted = (int) (times * text.length());
    int before = random.nextInt(wanted + 1);
    return (filler(before) + " " + text + " " + filler(wanted - before)).strip();
  }

  private String filler(int characters) {
    StringBuilder filler = new StringBuilder();
    while (filler.length() < characters) {
      append(filler, otherSentence.get());
    }
    return filler.toString();
  }
}

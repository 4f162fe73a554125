package dev.twinstream.recall;

import dev.twinstream.lsh.Mixer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A near-copy made from a retained text, to ask whether the stream would find the one by the other.
 * What is done to it, and how much, follows from the document's id and the seed alone.
 *
 * <p>The amount is set by the Jaccard similarity of word shingles that is wanted between copy and
 * original, and drawn evenly between a least one and 1: of shingles of w words, a share of (1 -
 * s)^w survives replacing a share s of the words; truncation to a share s leaves s, and inserting a
 * share s leaves 1 / (1 + s). It is met on average by texts much longer than a shingle, without
 * repeats; a probe counts only where the verdict finds the two to be twins, so nothing rests on it.
 */
public final class DamagedCopy {
  /** Beyond this mean length, in characters, words are no words: the script has no spaces. */
  private static final int LONGEST_MEAN_WORD = 20;

  private final int shingleWords;
  private final double leastSimilarity;
  private final long seed;

  /**
   * A copy.
   *
   * @param damage what was done to the text
   * @param similarity the Jaccard similarity aimed at
   */
  public record Copy(String text, Damage damage, double similarity) {}

  /**
   * @param shingleWords words a shingle has, at least 1
   * @param leastSimilarity Jaccard similarity, above 0 and below 1; the threshold of twins
   */
  public DamagedCopy(int shingleWords, double leastSimilarity, long seed) {
    if (shingleWords < 1 || !(leastSimilarity > 0 && leastSimilarity < 1)) {
      throw new IllegalArgumentException(
          "wanted at least 1 word a shingle and a similarity between 0 and 1, found "
              + shingleWords
              + " and "
              + leastSimilarity);
    }
    this.shingleWords = shingleWords;
    this.leastSimilarity = leastSimilarity;
    this.seed = seed;
  }

  /** The document's damaged copy; always the same one. A text of white space stays as it is. */
  public Copy of(String id, String text) {
    SplittableRandom random = new SplittableRandom(Mixer.hash(seed, id));
    Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
    double similarity = leastSimilarity + (1 - leastSimilarity) * random.nextDouble();
    Units units = Units.of(text.strip());
    if (units.parts.isEmpty()) {
      return new Copy(text, damage, 1);
    }
    double kept = 2 * similarity / (1 + similarity);
    double changed = 1 - StrictMath.pow(kept, 1.0 / shingleWords);
    switch (damage) {
      case WORDS -> changeSome(units, changed, random, false);
      case CHARACTERS -> changeSome(units, changed, random, true);
      case TRUNCATION -> {
        int length = Math.max(1, (int) (units.parts.size() * similarity));
        units.parts.subList(length, units.parts.size()).clear();
      }
      case BOILERPLATE -> {
        int length = Math.max(1, (int) (units.parts.size() * (1 / similarity - 1)));
        int at = random.nextBoolean() ? 0 : units.parts.size();
        units.parts.addAll(at, units.otherParts(length, random));
      }
    }
    return new Copy(units.joined(), damage, similarity);
  }

  /** At least one is changed, and about the share that is wanted. */
  private static void changeSome(
      Units units, double share, SplittableRandom random, boolean oneCharacter) {
    int sure = random.nextInt(units.parts.size());
    for (int i = 0; i < units.parts.size(); i++) {
      if (random.nextDouble() < share || i == sure) {
        units.change(i, random, oneCharacter);
      }
    }
  }

  /** Words, or where the script has no spaces characters, and the letters that they are made of. */
  private record Units(List<String> parts, String separator, int[] letters) {
    static Units of(String text) {
      int[] letters = text.codePoints().filter(c -> !Character.isWhitespace(c)).toArray();
      List<String> words = new ArrayList<>(List.of(text.split("\\s+")));
      words.removeIf(String::isEmpty);
      if (letters.length <= (long) words.size() * LONGEST_MEAN_WORD) {
        return new Units(words, " ", letters);
      }
      List<String> characters = new ArrayList<>();
      text.codePoints().forEach(c -> characters.add(Character.toString(c)));
      return new Units(characters, "", letters);
    }

    void change(int index, SplittableRandom random, boolean oneCharacter) {
      int[] part = parts.get(index).codePoints().toArray();
      if (oneCharacter) {
        part[random.nextInt(part.length)] = letter(random);
      } else {
        part = otherPart(part.length, random);
      }
      parts.set(index, new String(part, 0, part.length));
    }

    List<String> otherParts(int count, SplittableRandom random) {
      List<String> others = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int length = parts.get(random.nextInt(parts.size())).codePoints().toArray().length;
        others.add(new String(otherPart(length, random), 0, length));
      }
      return others;
    }

    private int[] otherPart(int length, SplittableRandom random) {
      int[] part = new int[length];
      for (int i = 0; i < length; i++) {
        part[i] = letter(random);
      }
      return part;
    }

    private int letter(SplittableRandom random) {
      return letters[random.nextInt(letters.length)];
    }

    String joined() {
      return String.join(separator, parts);
    }
  }
}

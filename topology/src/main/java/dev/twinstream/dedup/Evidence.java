package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.Overlap;
import dev.twinstream.lsh.Similarity;

/**
 * What the sketches of two contents say of their likeness.
 *
 * @param matches equal components of the two signatures
 * @param components length of the signatures; each component keeps 4 bits
 * @param shinglesA distinct shingles of the one text
 * @param shinglesB distinct shingles of the other
 * @param cosineOrNull of the two encodings, -1 to 1; null where there are none
 * @param overlapOrNull of the shorter text's sample of shingles with the longer's; null where they
 *     were not compared
 */
public record Evidence(
    int matches,
    int components,
    int shinglesA,
    int shinglesB,
    Double cosineOrNull,
    Overlap overlapOrNull) {
  /** Different minima agree in 4 bits by chance (Li, Koenig, b-Bit minwise hashing, WWW 2010). */
  private static final double CHANCE = 1.0 / (1 << LexicalSketcher.COMPONENT_BITS);

  public Evidence {
    if (components < 1 || matches < 0 || matches > components) {
      throw new IllegalArgumentException(
          "0 to components matches are wanted, found " + matches + " of " + components);
    }
    if (shinglesA < 1 || shinglesB < 1) {
      throw new IllegalArgumentException(
          "texts without shingles are never compared, found "
              + shinglesA
              + " and "
              + shinglesB
              + " shingles");
    }
  }

  /** Without samples of shingles. */
  public Evidence(int matches, int components, int shinglesA, int shinglesB, Double cosineOrNull) {
    this(matches, components, shinglesA, shinglesB, cosineOrNull, null);
  }

  /** How probably a component of two texts of this Jaccard similarity is equal. */
  static double agreement(double jaccard) {
    return CHANCE + (1 - CHANCE) * jaccard;
  }

  /** Estimated Jaccard similarity of the shingle sets, 0 to 1. */
  public double jaccard() {
    return Math.max(0, ((double) matches / components - CHANCE) / (1 - CHANCE));
  }

  /** Estimated share of the smaller shingle set found in the larger, 0 to 1. */
  public double containment() {
    return Similarity.containment(jaccard(), shinglesA, shinglesB);
  }

  /**
   * The best estimate of that share: from the samples, which are exact on average, if there are.
   */
  public double sharedOfShorter() {
    return overlapOrNull == null
        ? containment()
        : (double) overlapOrNull.common() / overlapOrNull.sampled();
  }

  /** How much longer the longer text is: natural logarithm of the ratio of shingles, 0 or more. */
  public double lengthDifference() {
    return StrictMath.log((double) Math.max(shinglesA, shinglesB) / Math.min(shinglesA, shinglesB));
  }
}

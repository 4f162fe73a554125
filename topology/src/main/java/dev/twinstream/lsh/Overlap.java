package dev.twinstream.lsh;

/**
 * How much of a text's sample of shingles was found in a longer text's.
 *
 * @param common shingles found in both, 0 to {@code sampled}
 * @param sampled shingles of the shorter text that were looked for, 0 or more
 */
public record Overlap(int common, int sampled) {
  public Overlap {
    if (common < 0 || common > sampled) {
      throw new IllegalArgumentException(
          "0 to sampled shingles are common, found " + common + " of " + sampled);
    }
  }
}

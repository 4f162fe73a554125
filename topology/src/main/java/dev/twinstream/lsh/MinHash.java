package dev.twinstream.lsh;

import java.util.Arrays;

/**
 * MinHash signatures (Broder, Charikar, Frieze, Mitzenmacher, Min-wise independent permutations,
 * STOC 1998): two sets agree in a component with a probability of their Jaccard similarity.
 *
 * <p>A permutation is a multiply-add on the 32-bit fold of a shingle's hash with two rounds of
 * mixing, in 32-bit arithmetic, so that the loop over permutations becomes vector instructions.
 */
public final class MinHash {
  private final int[] multipliers;
  private final int[] addends;

  /**
   * @param permutations signature length, at least 1
   */
  public MinHash(int permutations, long seed) {
    if (permutations < 1) {
      throw new IllegalArgumentException("at least 1 permutation is wanted, found " + permutations);
    }
    multipliers = new int[permutations];
    addends = new int[permutations];
    for (int i = 0; i < permutations; i++) {
      multipliers[i] = (int) Mixer.stream(seed, 2L * i) | 1;
      addends[i] = (int) Mixer.stream(seed, 2L * i + 1);
    }
  }

  /**
   * @param shingles distinct 64-bit hashes
   * @return one minimum a permutation; {@link Integer#MAX_VALUE} everywhere for the empty set
   */
  public int[] signature(long[] shingles) {
    int[] signature = new int[multipliers.length];
    Arrays.fill(signature, Integer.MAX_VALUE);
    for (long shingle : shingles) {
      update(signature, (int) (shingle ^ (shingle >>> 32)));
    }
    return signature;
  }

  private void update(int[] signature, int x) {
    int[] a = multipliers;
    int[] b = addends;
    for (int i = 0; i < signature.length; i++) {
      int h = x * a[i] + b[i];
      h = (h ^ (h >>> 15)) * 0x2C1B3C6D;
      h = (h ^ (h >>> 12)) * 0x297A2D39;
      signature[i] = Math.min(signature[i], h);
    }
  }
}

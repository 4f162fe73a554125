package dev.twinstream.lsh;

import java.util.Arrays;

/**
 * MinHash signatures (Broder, Charikar, Frieze, Mitzenmacher, Min-wise independent permutations,
 * STOC 1998): two sets agree in a component with a probability of their Jaccard similarity.
 *
 * <p>A permutation is x to a x + b modulo 2^32 with a odd (Carter, Wegman, Universal classes of
 * hash functions, 1979) on the 32-bit fold of a shingle's hash. Those hashes are well mixed
 * already, so that more mixing was measured to change neither bias nor variance. The loop over
 * permutations becomes vector instructions.
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
    int last = shingles.length - 1;
    for (int i = 0; i < shingles.length; i += 2) {
      update(signature, fold(shingles[i]), fold(shingles[Math.min(i + 1, last)]));
    }
    return signature;
  }

  private static int fold(long shingle) {
    return (int) (shingle ^ (shingle >>> 32));
  }

  /** Two shingles at once: the loop waits for memory less. */
  private void update(int[] signature, int x, int y) {
    int[] a = multipliers;
    int[] b = addends;
    for (int i = 0; i < signature.length; i++) {
      int factor = a[i];
      int addend = b[i];
      int least = Math.min(x * factor + addend, y * factor + addend);
      signature[i] = Math.min(signature[i], least);
    }
  }
}

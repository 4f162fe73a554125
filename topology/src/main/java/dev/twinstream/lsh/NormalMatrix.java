package dev.twinstream.lsh;

/**
 * Nearly normal pseudo-random directions in integers, one a row. A component is the sum of 12
 * uniform 16-bit numbers less its mean: standard deviation 2^16, and under 2^20 in size, so that a
 * dot product with at most 4096 16-bit components stays under 2^47.
 */
final class NormalMatrix {
  /** Standard deviation of a component. */
  static final long DEVIATION = 1L << 16;

  static final int MOST_DIMENSIONS = 4096;

  private static final int SUMMANDS = 12;
  private static final int SUMMAND_BITS = 16;

  private final int dimensions;
  private final int[] components;

  /**
   * @param dimensions 1 to {@link #MOST_DIMENSIONS}
   */
  NormalMatrix(int rows, int dimensions, long seed) {
    this.dimensions = dimensions;
    components = new int[rows * dimensions];
    for (int i = 0; i < components.length; i++) {
      components[i] = normal(seed, i);
    }
  }

  private static int normal(long seed, long index) {
    int sum = 0;
    int perNumber = Long.SIZE / SUMMAND_BITS;
    for (int i = 0; i < SUMMANDS / perNumber; i++) {
      long random = Mixer.stream(seed, index * (SUMMANDS / perNumber) + i);
      for (int j = 0; j < perNumber; j++) {
        sum += (int) (random >>> (j * SUMMAND_BITS)) & 0xFFFF;
      }
    }
    return sum - SUMMANDS * 0xFFFF / 2;
  }

  long dot(short[] vector, int row) {
    int from = row * dimensions;
    long dot = 0;
    for (int i = 0; i < dimensions; i++) {
      dot += (long) vector[i] * components[from + i];
    }
    return dot;
  }

  /** The dot products with the rows from one on. */
  long[] dots(short[] vector, int from, int count) {
    long[] dots = new long[count];
    for (int i = 0; i < count; i++) {
      dots[i] = dot(vector, from + i);
    }
    return dots;
  }

  /** What a direction's length is about, in the units of a component. */
  double norm() {
    return DEVIATION * Math.sqrt(dimensions);
  }
}

package dev.twinstream.lsh;

/**
 * Sign random projections of quantised encodings: two vectors at angle a agree in a bit with
 * probability 1 - a / pi (Charikar, Similarity estimation techniques from rounding algorithms, STOC
 * 2002, section 3). Integers throughout, so that the same quantised encoding has the same keys
 * everywhere. Thread-safe.
 */
public final class RandomHyperplanes {
  /** Uniform numbers whose sum stands in for a normal one. */
  private static final int SUMMANDS = 12;

  private static final int SUMMAND_BITS = 16;

  private final int tables;
  private final int bits;
  private final int dimensions;
  private final long epoch;
  private final int[] normals;

  /**
   * @param tables keys an encoding has
   * @param bits hyperplanes a table has, 1 to 63
   * @param dimensions components of an encoding, at most 4096
   * @param epoch number of the frozen set of parameters, the model among them
   */
  public RandomHyperplanes(int tables, int bits, int dimensions, long seed, long epoch) {
    if (tables < 1 || bits < 1 || bits > 63 || dimensions < 1 || dimensions > 4096) {
      throw new IllegalArgumentException(
          "wanted at least 1 table, 1 to 63 bits and 1 to 4096 dimensions, found "
              + tables
              + ", "
              + bits
              + " and "
              + dimensions);
    }
    this.tables = tables;
    this.bits = bits;
    this.dimensions = dimensions;
    this.epoch = Mixer.combine(epoch, seed);
    this.normals = new int[tables * bits * dimensions];
    for (int i = 0; i < normals.length; i++) {
      normals[i] = normal(seed, i);
    }
  }

  /** Nearly normal, of mean 0: under 2^20 in size, so that a dot product stays under 2^47. */
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

  /**
   * @param scope from {@link BucketKeys#scope}
   * @return one key a table; none for the zero encoding, which has no direction
   */
  public long[] keys(short[] quantized, long scope) {
    if (quantized.length != dimensions) {
      throw new IllegalArgumentException(
          "the encoding has " + quantized.length + " components, wanted " + dimensions);
    }
    if (isZero(quantized)) {
      return new long[0];
    }
    long[] keys = new long[tables];
    for (int table = 0; table < tables; table++) {
      keys[table] =
          BucketKeys.key(BucketKeys.HYPERPLANES, epoch, table, code(quantized, table), scope);
    }
    return keys;
  }

  /** One bit a hyperplane: which side the encoding is on. */
  long code(short[] quantized, int table) {
    long code = 0;
    for (int bit = 0; bit < bits; bit++) {
      int from = (table * bits + bit) * dimensions;
      long dot = 0;
      for (int i = 0; i < dimensions; i++) {
        dot += (long) quantized[i] * normals[from + i];
      }
      code = (code << 1) | (dot >= 0 ? 1 : 0);
    }
    return code;
  }

  private static boolean isZero(short[] quantized) {
    for (short component : quantized) {
      if (component != 0) {
        return false;
      }
    }
    return true;
  }
}

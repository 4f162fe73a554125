package dev.twinstream.lsh;

/**
 * A rotation without a matrix: three rounds of random sign flips and a Hadamard transform (Andoni,
 * Indyk, Laarhoven, Razenshteyn, Schmidt, Practical and optimal LSH for angular distance, NIPS
 * 2015, section 3), on a power of two of dimensions, the vector filled up with zeros. Additions of
 * integers only: lengths grow by {@link #scale}, and no sum reaches 2^54.
 */
final class PseudoRandomRotation {
  private static final int ROUNDS = 3;
  private static final int MOST_SIZE = 2 * NormalMatrix.MOST_DIMENSIONS;

  private final long[][] flips;
  private final int size;

  /** Of the least size. */
  PseudoRandomRotation(int dimensions, long seed) {
    this(dimensions, size(dimensions), seed);
  }

  /**
   * @param dimensions 1 to 4096
   * @param size a power of two, at least the dimensions, at most 8192
   */
  PseudoRandomRotation(int dimensions, int size, long seed) {
    if (Integer.bitCount(size) != 1 || size < dimensions || size > MOST_SIZE) {
      throw new IllegalArgumentException(
          "a rotation of "
              + dimensions
              + " dimensions has a power of two as size, not under them and at most "
              + MOST_SIZE
              + ", found "
              + size);
    }
    this.size = size;
    int words = (size + Long.SIZE - 1) / Long.SIZE;
    flips = new long[ROUNDS][words];
    for (int round = 0; round < ROUNDS; round++) {
      for (int word = 0; word < words; word++) {
        flips[round][word] = Mixer.stream(seed, (long) round * words + word);
      }
    }
  }

  /** The least power of two that holds the dimensions. */
  static int size(int dimensions) {
    return dimensions == 1 ? 1 : Integer.highestOneBit(dimensions - 1) * 2;
  }

  /** What a vector's length is multiplied by. */
  double scale() {
    return Math.pow(size, ROUNDS / 2.0);
  }

  /** Writes the rotated vector into {@code out} from {@code offset} on. */
  void rotate(short[] vector, long[] out, int offset) {
    for (int i = 0; i < vector.length; i++) {
      out[offset + i] = vector[i];
    }
    for (long[] flip : flips) {
      for (int i = 0; i < size; i++) {
        if (((flip[i / Long.SIZE] >>> (i % Long.SIZE)) & 1) != 0) {
          out[offset + i] = -out[offset + i];
        }
      }
      hadamard(out, offset);
    }
  }

  private void hadamard(long[] values, int offset) {
    for (int half = 1; half < size; half *= 2) {
      for (int block = offset; block < offset + size; block += 2 * half) {
        for (int i = block; i < block + half; i++) {
          long sum = values[i] + values[i + half];
          values[i + half] = values[i] - values[i + half];
          values[i] = sum;
        }
      }
    }
  }
}

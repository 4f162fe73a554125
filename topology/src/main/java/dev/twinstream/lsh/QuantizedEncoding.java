package dev.twinstream.lsh;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encodings as 16-bit integers: hashing and comparing them needs no floating-point sums, whose
 * results hang on the order of additions. The scale is static, so that an encoding's quantised form
 * depends on nothing else.
 */
public final class QuantizedEncoding {
  private static final float SCALE = Short.MAX_VALUE;

  /** Bits of a component as it is kept. */
  private static final int LEVEL_BITS = 6;

  /** Levels on either side of zero. */
  private static final int STEPS = (1 << (LEVEL_BITS - 1)) - 1;

  /** No component: levels end one below it. */
  private static final int NONE = (1 << LEVEL_BITS) - 1;

  private QuantizedEncoding() {}

  /**
   * @param encoding components from -1 to 1
   */
  public static short[] quantize(float[] encoding) {
    short[] quantized = new short[encoding.length];
    for (int i = 0; i < encoding.length; i++) {
      quantized[i] = (short) Math.round(Math.max(-1, Math.min(1, encoding[i])) * SCALE);
    }
    return quantized;
  }

  /** Big-endian bytes. */
  public static ByteBuffer pack(short[] quantized) {
    ByteBuffer bytes = ByteBuffer.allocate(quantized.length * Short.BYTES);
    bytes.asShortBuffer().put(quantized);
    return bytes;
  }

  /** The inverse of {@link #pack}; does not move the buffer's position. */
  public static short[] unpack(ByteBuffer bytes) {
    short[] quantized = new short[bytes.remaining() / Short.BYTES];
    bytes.duplicate().asShortBuffer().get(quantized);
    return quantized;
  }

  /**
   * 6 bits a component, and the largest in two bytes: three eighths of the size. Levels are the
   * squares of 0 to 31, as shares of the largest's: a few components are far larger than the
   * others, which even steps would hardly tell apart.
   */
  public static ByteBuffer compress(short[] quantized) {
    int largest = 0;
    for (short component : quantized) {
      largest = Math.max(largest, Math.abs(component));
    }
    ByteBuffer bytes = ByteBuffer.allocate(compressedBytes(quantized.length));
    int pending = 0;
    int bits = 0;
    for (short component : quantized) {
      pending = pending << LEVEL_BITS | (level(component, largest) + STEPS);
      bits += LEVEL_BITS;
      if (bits >= Byte.SIZE) {
        bits -= Byte.SIZE;
        bytes.put((byte) (pending >>> bits));
      }
    }
    if (bits > 0) {
      // Filled up with ones, which are no component where there is room for one.
      bytes.put((byte) ((pending << Byte.SIZE | 0xFF) >>> bits));
    }
    return bytes.putShort((short) largest).flip();
  }

  /** Bytes that {@link #compress} makes of so many components. */
  static int compressedBytes(int components) {
    return (components * LEVEL_BITS + Byte.SIZE - 1) / Byte.SIZE + Short.BYTES;
  }

  /** The level nearest to a component, with its sign. */
  private static int level(int component, int largest) {
    int size = Math.abs(component);
    int level = 0;
    while (level < STEPS
        && 2 * size * STEPS * STEPS >= largest * (square(level) + square(level + 1))
        && size > 0) {
      level++;
    }
    return component < 0 ? -level : level;
  }

  /** The square with the sign. */
  private static int square(int level) {
    return level * Math.abs(level);
  }

  /** The signed squares of the levels that {@link #compress} has kept, from minus 961 to 961. */
  private static short[] levels(ByteBuffer bytes) {
    int start = bytes.position();
    int size = bytes.remaining() - Short.BYTES;
    short[] levels = new short[size * Byte.SIZE / LEVEL_BITS];
    int pending = 0;
    int bits = 0;
    int read = 0;
    for (int i = 0; i < levels.length; i++) {
      if (bits < LEVEL_BITS) {
        pending = pending << Byte.SIZE | bytes.get(start + read++) & 0xFF;
        bits += Byte.SIZE;
      }
      bits -= LEVEL_BITS;
      levels[i] = (short) square((pending >>> bits & NONE) - STEPS);
    }
    int last = levels.length - 1;
    return last >= 0 && levels[last] == square(NONE - STEPS) ? Arrays.copyOf(levels, last) : levels;
  }

  /** What {@link #compress} has kept; does not move the buffer's position. */
  public static short[] decompress(ByteBuffer bytes) {
    int largest = bytes.getShort(bytes.limit() - Short.BYTES);
    short[] levels = levels(bytes);
    short[] quantized = new short[levels.length];
    for (int i = 0; i < quantized.length; i++) {
      quantized[i] = (short) divide(levels[i] * largest, square(STEPS));
    }
    return quantized;
  }

  /** Rounds half away from zero. */
  private static int divide(int a, int positive) {
    return (a + (a < 0 ? -positive : positive) / 2) / positive;
  }

  /** Cosine of the angle between two compressed encodings of one size; 0 where one is zero. */
  public static double cosine(ByteBuffer a, ByteBuffer b) {
    short[] levelsA = levels(a);
    short[] levelsB = levels(b);
    long dot = 0;
    long squaresA = 0;
    long squaresB = 0;
    for (int i = 0; i < levelsA.length; i++) {
      dot += levelsA[i] * levelsB[i];
      squaresA += levelsA[i] * levelsA[i];
      squaresB += levelsB[i] * levelsB[i];
    }
    return cosine(dot, squaresA, squaresB);
  }

  /** Cosine of the angle between two encodings of one size; 0 where one is zero. */
  public static double cosine(short[] a, short[] b) {
    long dot = 0;
    long squaresA = 0;
    long squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (long) a[i] * b[i];
      squaresA += (long) a[i] * a[i];
      squaresB += (long) b[i] * b[i];
    }
    return cosine(dot, squaresA, squaresB);
  }

  private static double cosine(long dot, long squaresA, long squaresB) {
    return squaresA == 0 || squaresB == 0 ? 0 : dot / Math.sqrt((double) squaresA * squaresB);
  }
}

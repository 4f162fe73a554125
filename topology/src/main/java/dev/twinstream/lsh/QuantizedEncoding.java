package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * Encodings as 16-bit integers: hashing and comparing them needs no floating-point sums, whose
 * results hang on the order of additions. The scale is static, so that an encoding's quantised form
 * depends on nothing else.
 */
public final class QuantizedEncoding {
  private static final float SCALE = Short.MAX_VALUE;
  private static final int STEPS = Byte.MAX_VALUE;

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
   * A byte a component, in steps of a 127th of the largest, which follows in two bytes: half the
   * size, for a cosine that differs by less than 0.001.
   */
  public static ByteBuffer compress(short[] quantized) {
    int largest = 0;
    for (short component : quantized) {
      largest = Math.max(largest, Math.abs(component));
    }
    ByteBuffer bytes = ByteBuffer.allocate(quantized.length + Short.BYTES);
    for (short component : quantized) {
      bytes.put((byte) (largest == 0 ? 0 : divide(component * STEPS, largest)));
    }
    return bytes.putShort((short) largest).flip();
  }

  /** What {@link #compress} has kept; does not move the buffer's position. */
  public static short[] decompress(ByteBuffer bytes) {
    int start = bytes.position();
    short[] quantized = new short[bytes.remaining() - Short.BYTES];
    int largest = bytes.getShort(start + quantized.length);
    for (int i = 0; i < quantized.length; i++) {
      quantized[i] = (short) divide(bytes.get(start + i) * largest, STEPS);
    }
    return quantized;
  }

  /** Rounds half away from zero. */
  private static int divide(int a, int positive) {
    return (a + (a < 0 ? -positive : positive) / 2) / positive;
  }

  /** Cosine of the angle between two compressed encodings of one size; 0 where one is zero. */
  public static double cosine(ByteBuffer a, ByteBuffer b) {
    long dot = 0;
    long squaresA = 0;
    long squaresB = 0;
    for (int i = 0; i < a.remaining() - Short.BYTES; i++) {
      int x = a.get(a.position() + i);
      int y = b.get(b.position() + i);
      dot += x * y;
      squaresA += x * x;
      squaresB += y * y;
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

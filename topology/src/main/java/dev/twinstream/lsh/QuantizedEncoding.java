package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * Encodings as 16-bit integers: hashing and comparing them needs no floating-point sums, whose
 * results hang on the order of additions. The scale is static, so that an encoding's quantised form
 * depends on nothing else.
 */
public final class QuantizedEncoding {
  private static final float SCALE = Short.MAX_VALUE;

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
    if (squaresA == 0 || squaresB == 0) {
      return 0;
    }
    return dot / Math.sqrt((double) squaresA * squaresB);
  }
}

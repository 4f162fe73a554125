package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * A fitted change of encodings that crowd together in one direction: the mean is taken away, which
 * spreads the angles (Mu, Viswanath, All-but-the-top, ICLR 2018, section 2), and where a rotation
 * was fitted the rest is turned onto fewer dimensions. Integer parameters and arithmetic: the same
 * quantised encoding has the same image everywhere. Immutable; fitted by {@link CentringFit}.
 */
public final class Centring {
  /** One in the rotation's fixed-point numbers. */
  static final int ONE = 1 << 14;

  private static final int FORMAT = 1;

  private final short[] mean;
  private final short[][] rotation;

  /**
   * @param mean one number a component
   * @param rotation one row an output dimension, in units of 2^-14; no rows for none
   */
  Centring(short[] mean, short[][] rotation) {
    if (mean.length == 0 || mean.length > NormalMatrix.MOST_DIMENSIONS) {
      throw new IllegalArgumentException("a mean has 1 to 4096 components, found " + mean.length);
    }
    for (short[] row : rotation) {
      if (row.length != mean.length) {
        throw new IllegalArgumentException(
            "a rotation's row has " + row.length + " components, the mean " + mean.length);
      }
    }
    this.mean = mean;
    this.rotation = rotation;
  }

  /** Components of the encodings that come in. */
  public int dimensionsIn() {
    return mean.length;
  }

  /** Components of their images. */
  public int dimensionsOut() {
    return rotation.length == 0 ? mean.length : rotation.length;
  }

  /**
   * The image of an encoding; what leaves the 16-bit range stays at its end. The zero encoding,
   * which has no direction, stays zero.
   *
   * @throws IllegalArgumentException for an encoding of another size
   */
  public short[] apply(short[] quantized) {
    if (quantized.length != mean.length) {
      throw new IllegalArgumentException(
          "the encoding has " + quantized.length + " components, wanted " + mean.length);
    }
    boolean zero = true;
    int[] centred = new int[mean.length];
    for (int i = 0; i < mean.length; i++) {
      centred[i] = quantized[i] - mean[i];
      zero &= quantized[i] == 0;
    }
    short[] image = new short[dimensionsOut()];
    for (int i = 0; i < image.length && !zero; i++) {
      image[i] = saturated(rotation.length == 0 ? centred[i] : turned(centred, rotation[i]));
    }
    return image;
  }

  private static long turned(int[] centred, short[] row) {
    long dot = ONE / 2;
    for (int i = 0; i < row.length; i++) {
      dot += (long) centred[i] * row[i];
    }
    return Math.floorDiv(dot, ONE);
  }

  private static short saturated(long value) {
    return (short) Math.max(-Short.MAX_VALUE, Math.min(Short.MAX_VALUE, value));
  }

  /** A number of all parameters, for the epoch: other centrings make other keys. */
  public long fingerprint() {
    long hash = Mixer.combine(mean.length, rotation.length);
    ByteBuffer bytes = toBytes();
    while (bytes.hasRemaining()) {
      hash = Mixer.combine(hash, bytes.get());
    }
    return hash;
  }

  /** Big-endian: format, dimensions in, rows of the rotation, mean, rotation. */
  public ByteBuffer toBytes() {
    int numbers = mean.length * (1 + rotation.length);
    ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES + numbers * Short.BYTES);
    bytes.putInt(FORMAT).putInt(mean.length).putInt(rotation.length);
    put(bytes, mean);
    for (short[] row : rotation) {
      put(bytes, row);
    }
    return bytes.flip();
  }

  /**
   * The inverse of {@link #toBytes}; does not move the buffer's position.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Centring fromBytes(ByteBuffer from) {
    ByteBuffer bytes = from.duplicate();
    if (bytes.remaining() < 3 * Integer.BYTES) {
      throw new IllegalArgumentException(
          "a centring has at least 12 bytes, found " + bytes.remaining());
    }
    int format = bytes.getInt();
    int dimensions = bytes.getInt();
    int rows = bytes.getInt();
    long numbers = dimensions * (1L + rows);
    if (format != FORMAT
        || dimensions < 1
        || rows < 0
        || bytes.remaining() != numbers * Short.BYTES) {
      throw new IllegalArgumentException(
          "not a centring of format 1: found format "
              + format
              + ", "
              + dimensions
              + " dimensions, "
              + rows
              + " rows and "
              + bytes.remaining()
              + " bytes of them");
    }
    short[] mean = take(bytes, dimensions);
    short[][] rotation = new short[rows][];
    for (int row = 0; row < rows; row++) {
      rotation[row] = take(bytes, dimensions);
    }
    return new Centring(mean, rotation);
  }

  private static void put(ByteBuffer bytes, short[] numbers) {
    for (short number : numbers) {
      bytes.putShort(number);
    }
  }

  private static short[] take(ByteBuffer bytes, int count) {
    short[] numbers = new short[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = bytes.getShort();
    }
    return numbers;
  }
}

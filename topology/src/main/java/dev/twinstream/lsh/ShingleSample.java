package dev.twinstream.lsh;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One in so many of a text's shingles, chosen by their hashes alone, so that two texts choose the
 * same ones of what they share. The share of a text's sample that is in another's sample estimates
 * without bias how much of the text the other contains, however much longer that is (Broder, On the
 * resemblance and containment of documents, 1997, where the samples are called MOD m). A MinHash
 * signature cannot tell: its components are mostly the longer text's.
 *
 * <p>One in 4 is kept, and of a text that would keep more than {@link #MOST} one in 8, in 16 and so
 * on. A coarser sample is part of a finer one, and two texts are compared in the coarser of theirs.
 */
public final class ShingleSample {
  /** Shingles a sample holds; texts of more than about 8,000 words keep a coarser one. */
  public static final int MOST = 2048;

  /** One shingle in 2^2. */
  private static final int FINEST = 2;

  private final int level;
  private final int[] values; // in the order of their ranks, so that a coarser sample is a start

  private ShingleSample(int level, int[] values) {
    this.level = level;
    this.values = values;
  }

  /**
   * @param shingles distinct
   */
  public static ShingleSample of(long[] shingles, long seed) {
    int[] values = new int[shingles.length];
    int size = 0;
    for (long shingle : shingles) {
      long rank = Mixer.combine(seed, shingle);
      if (rank >>> (Long.SIZE - FINEST) == 0) {
        values[size++] = (int) (rank >>> (Integer.SIZE - FINEST)) ^ Integer.MIN_VALUE;
      }
    }
    values = Arrays.copyOf(values, size);
    Arrays.sort(values);
    for (int i = 0; i < size; i++) {
      values[i] ^= Integer.MIN_VALUE; // sorted without a sign
    }
    int level = FINEST;
    while (count(values, level) > MOST) {
      level++;
    }
    return new ShingleSample(level, Arrays.copyOf(values, count(values, level)));
  }

  /** How many of the values are in the sample of a level. */
  private static int count(int[] values, int level) {
    long end = 1L << (Integer.SIZE - level + FINEST);
    int count = values.length;
    while (count > 0 && Integer.toUnsignedLong(values[count - 1]) >= end) {
      count--;
    }
    return count;
  }

  /** The level in a byte, then four bytes a shingle. */
  public ByteBuffer pack() {
    ByteBuffer bytes = ByteBuffer.allocate(1 + values.length * Integer.BYTES);
    bytes.put((byte) level).asIntBuffer().put(values);
    return bytes.rewind();
  }

  /** The inverse of {@link #pack}; does not move the buffer's position. */
  public static ShingleSample unpack(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    int level = rest.get();
    int[] values = new int[rest.remaining() / Integer.BYTES];
    rest.asIntBuffer().get(values);
    return new ShingleSample(level, values);
  }

  /** How much of this text's sample is in a longer text's. */
  public Overlap in(ShingleSample longer) {
    int coarser = Math.max(level, longer.level);
    int sampled = count(values, coarser);
    int common = 0;
    for (int i = 0, j = 0; i < sampled && j < longer.values.length; ) {
      int order = Integer.compareUnsigned(values[i], longer.values[j]);
      common += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return new Overlap(common, sampled);
  }
}

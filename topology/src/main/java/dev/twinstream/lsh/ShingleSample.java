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
  private final int[] values;

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
        values[size++] = (int) (rank >>> (Integer.SIZE - FINEST));
      }
    }
    ShingleSample sample = new ShingleSample(FINEST, Arrays.copyOf(values, size));
    while (sample.values.length > MOST) {
      sample = sample.coarser(sample.level + 1);
    }
    return sample;
  }

  private ShingleSample coarser(int wanted) {
    if (wanted <= level) {
      return this;
    }
    int[] kept = Arrays.stream(values).filter(value -> isIn(value, wanted)).toArray();
    return new ShingleSample(wanted, kept);
  }

  private static boolean isIn(int value, int level) {
    return level == FINEST || value >>> (Integer.SIZE - level + FINEST) == 0;
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
    int common = Math.max(level, longer.level);
    int[] wanted = coarser(common).values.clone();
    Arrays.sort(wanted);
    boolean[] found = new boolean[wanted.length];
    for (int value : longer.values) {
      int at = isIn(value, common) ? Arrays.binarySearch(wanted, value) : -1;
      if (at >= 0) {
        found[at] = true;
      }
    }
    int hits = 0;
    for (boolean each : found) {
      hits += each ? 1 : 0;
    }
    return new Overlap(hits, wanted.length);
  }
}

package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * MinHash signatures of which each component keeps b bits (Li, Koenig, b-Bit minwise hashing, WWW
 * 2010). Two different minima agree by chance in b bits with probability 2^-b, so that components
 * agree with probability P = 2^-b + (1 - 2^-b) J: the paper's theorem 1 where sets are small beside
 * the 2^32 possible hashes. At b = 1 a signature is 32 times smaller and J's estimate, (P - 2^-b) /
 * (1 - 2^-b), has about (1 + 1 / J) times the variance (section 4).
 */
public final class BBitSignature {
  private BBitSignature() {}

  /** What b bits make of a component's probability to agree. */
  static double agreement(double jaccard, int bits) {
    double chance = chance(bits);
    return chance + (1 - chance) * jaccard;
  }

  /**
   * The kept bits of every component, unpacked.
   *
   * @param bits 1 to 32; 32 returns the signature as it is
   */
  static int[] truncate(int[] signature, int bits) {
    requireBits(bits);
    if (bits == Integer.SIZE) {
      return signature;
    }
    int[] kept = new int[signature.length];
    for (int i = 0; i < signature.length; i++) {
      // Mixed first: a linear permutation's low bits hang on the shingle's low bits alone.
      kept[i] = (int) (Mixer.mix(signature[i]) & ((1L << bits) - 1));
    }
    return kept;
  }

  /**
   * The signature in ceil(length * bits / 64) numbers, the first component in the lowest bits.
   *
   * @param bits kept of each component: 1, 2, 4, 8, 16 or 32
   */
  public static long[] pack(int[] signature, int bits) {
    requirePackable(bits);
    int[] kept = truncate(signature, bits);
    int perNumber = Long.SIZE / bits;
    long[] packed = new long[(signature.length + perNumber - 1) / perNumber];
    for (int i = 0; i < kept.length; i++) {
      packed[i / perNumber] |= ((long) kept[i] & ((1L << bits) - 1)) << (i % perNumber * bits);
    }
    return packed;
  }

  /**
   * Estimates Jaccard similarity from two packed signatures.
   *
   * @param components length of the signatures before packing
   * @return 0 to 1: what the formula makes negative is 0
   * @throws IllegalArgumentException when the two are not packed alike
   */
  public static double jaccard(long[] a, long[] b, int components, int bits) {
    requirePackable(bits);
    int perNumber = Long.SIZE / bits;
    int wanted = (components + perNumber - 1) / perNumber;
    if (components < 1 || a.length != wanted || b.length != wanted) {
      throw new IllegalArgumentException(
          "signatures of "
              + components
              + " components of "
              + bits
              + " bits are "
              + wanted
              + " numbers, found "
              + a.length
              + " and "
              + b.length);
    }
    long mask = (1L << bits) - 1;
    int same = 0;
    for (int i = 0; i < components; i++) {
      long difference = a[i / perNumber] ^ b[i / perNumber];
      same += ((difference >>> (i % perNumber * bits)) & mask) == 0 ? 1 : 0;
    }
    double chance = chance(bits);
    return Math.max(0, ((double) same / components - chance) / (1 - chance));
  }

  /**
   * How many components of two signatures agree, of those that begin them with a byte each.
   *
   * @throws IllegalArgumentException when there are not so many
   */
  public static int matches(ByteBuffer a, ByteBuffer b, int components) {
    if (Math.min(a.remaining(), b.remaining()) < components) {
      throw new IllegalArgumentException(
          "signatures of at least "
              + components
              + " bytes are wanted, found "
              + a.remaining()
              + " and "
              + b.remaining());
    }
    int matches = 0;
    for (int i = 0; i < components; i++) {
      if (a.get(a.position() + i) == b.get(b.position() + i)) {
        matches++;
      }
    }
    return matches;
  }

  private static double chance(int bits) {
    requireBits(bits);
    return 1.0 / (1L << bits);
  }

  private static void requireBits(int bits) {
    if (bits < 1 || bits > Integer.SIZE) {
      throw new IllegalArgumentException("1 to 32 bits of a component are kept, found " + bits);
    }
  }

  private static void requirePackable(int bits) {
    requireBits(bits);
    if (Integer.bitCount(bits) != 1) {
      throw new IllegalArgumentException(
          "components are packed at 1, 2, 4, 8, 16 or 32 bits, found " + bits);
    }
  }
}

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
  /** Bits of a component in signatures that are packed two components a byte. */
  static final int PACKED_BITS = 4;

  private static final int PACKED_MASK = (1 << PACKED_BITS) - 1;

  /** The lowest bit of each component in eight packed bytes. */
  private static final long LOWEST = 0x1111_1111_1111_1111L;

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

  /** Bytes that so many components take at two a byte. */
  static int packedBytes(int components) {
    return (components + 1) / 2;
  }

  /** Puts the low 4 bits of each component into the first bytes, the first in the lowest bits. */
  static void pack(int[] signature, byte[] bytes) {
    for (int i = 0; i < signature.length; i++) {
      bytes[i / 2] |= (byte) ((signature[i] & PACKED_MASK) << (i % 2 * PACKED_BITS));
    }
  }

  /** A component of a signature packed at two a byte. */
  static int component(byte[] packed, int index) {
    return packed[index / 2] >>> (index % 2 * PACKED_BITS) & PACKED_MASK;
  }

  /**
   * How many components of two signatures agree, of those that begin them at two a byte.
   *
   * @throws IllegalArgumentException when there are not so many
   */
  public static int matches(ByteBuffer a, ByteBuffer b, int components) {
    if (Math.min(a.remaining(), b.remaining()) < packedBytes(components)) {
      throw new IllegalArgumentException(
          "signatures of at least "
              + packedBytes(components)
              + " bytes are wanted, found "
              + a.remaining()
              + " and "
              + b.remaining());
    }
    int whole = components / 2;
    int matches = 0;
    int at = 0;
    for (; at + Long.BYTES <= whole; at += Long.BYTES) {
      matches += zeros(a.getLong(a.position() + at) ^ b.getLong(b.position() + at));
    }
    for (; at < whole; at++) {
      matches += zeros(~0xFFL | (a.get(a.position() + at) ^ b.get(b.position() + at)));
    }
    if (components % 2 == 1) {
      int last = a.get(a.position() + at) ^ b.get(b.position() + at);
      matches += (last & PACKED_MASK) == 0 ? 1 : 0;
    }
    return matches;
  }

  /** How many of the 16 groups of 4 bits are zero. */
  private static int zeros(long groups) {
    long any = groups | groups >>> 1;
    any |= any >>> 2;
    return Long.bitCount(~any & LOWEST);
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

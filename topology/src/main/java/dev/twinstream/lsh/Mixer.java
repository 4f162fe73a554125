package dev.twinstream.lsh;

/** 64-bit mixing with the finaliser constants of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
public final class Mixer {
  static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mixer() {}

  /** A bijection of 64-bit numbers in which every input bit moves every output bit. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The {@code index}-th number of the stream of a seed. */
  public static long stream(long seed, long index) {
    return mix(seed + (index + 1) * GOLDEN);
  }

  /** Adds a value to a running hash; order matters. */
  static long combine(long hash, long value) {
    return mix(hash * GOLDEN + value);
  }
}

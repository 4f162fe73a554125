package dev.twinstream.lsh;

/** 64-bit bucket keys: a hash of family, epoch, table, code and scope. */
public final class BucketKeys {
  static final int MINHASH = 1;
  static final int HYPERPLANES = 2;
  static final int SIMHASH = 3;
  static final int CROSS_POLYTOPE = 4;
  static final int EUCLIDEAN = 5;
  static final int COMPONENT_SIGNS = 6;
  static final int FINGERPRINTS = 7;

  private BucketKeys() {}

  static long key(int family, long epoch, int table, long code, long scope) {
    long hash = Mixer.combine(family, epoch);
    hash = Mixer.combine(hash, table);
    hash = Mixer.combine(hash, code);
    return Mixer.combine(hash, scope);
  }

  /** Adds a value to a running 64-bit hash; order matters. */
  public static long combine(long hash, long value) {
    return Mixer.combine(hash, value);
  }

  /** A scope as a number; 0 for none. */
  public static long scope(String scopeOrNull) {
    if (scopeOrNull == null) {
      return 0;
    }
    long hash = scopeOrNull.length() + 1L;
    for (int i = 0; i < scopeOrNull.length(); i++) {
      hash = Mixer.combine(hash, scopeOrNull.charAt(i));
    }
    return hash;
  }
}

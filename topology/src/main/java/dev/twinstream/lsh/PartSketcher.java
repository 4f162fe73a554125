package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * How a short text and a long one that contains it are brought together and compared: by {@link
 * WinnowedFingerprints} of runs of 8 words, since shorter ones are common phrases, and by a {@link
 * ShingleSample}. Thread-safe.
 */
public final class PartSketcher {
  /** Fingerprints kept of a text at most; those of over about 17,000 words stand farther apart. */
  public static final int MOST_FINGERPRINTS = 1024;

  private static final int FINGERPRINT_WORDS = 8;

  /** Texts that share a run of WINDOW + FINGERPRINT_WORDS - 1 words meet for certain. */
  private static final int WINDOW = 32;

  private final Shingler runs = new Shingler(FINGERPRINT_WORDS);
  private final WinnowedFingerprints winnowing;
  private final long seed;

  /**
   * @param seed sketches of different seeds never meet
   */
  public PartSketcher(long seed) {
    this.winnowing = new WinnowedFingerprints(WINDOW, MOST_FINGERPRINTS, seed, 0);
    this.seed = seed;
  }

  /**
   * @param shingles of the text, by which containment is measured: distinct, in its order
   */
  Parts parts(String normalized, long[] shingles) {
    return new Parts(
        winnowing.fingerprints(runs.shingles(normalized)), ShingleSample.of(shingles, seed));
  }

  /**
   * The bucket keys that a text is stored under, and looks under.
   *
   * @param fingerprints as {@link Parts#packedFingerprints} has packed them
   * @param scope from {@link BucketKeys#scope}; texts of different scopes share no key
   */
  public long[] keys(ByteBuffer fingerprints, long scope) {
    return winnowing.keys(Parts.unpack(fingerprints), scope);
  }
}

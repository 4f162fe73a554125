package dev.twinstream.lsh;

import java.nio.ByteBuffer;

/**
 * How a short text and a long one that contains it are brought together and compared: by {@link
 * WinnowedFingerprints} of runs of 8 words, since shorter ones are common phrases, and by a {@link
 * ShingleSample}. Thread-safe.
 *
 * <p>Chosen by {@code ./twinstream bench containment}: texts of 60 to 300 words with one word in 20
 * edited, which come after a text that they stand in; false candidates of such a long text, 20
 * times as long, among 10,000 documents of a corpus.
 *
 * <pre>
 * length ratio                      1      2      5     10     20   keys a        false
 *                                                                   1,000 words   candidates
 * bands of the signature, 20 x 2  1.000  0.980  0.450  0.175  0.030      12          0.1
 * MinHash by segments of 200      1.000  0.950  0.950  0.930  0.945      66          3.7
 * LSH Ensemble, 128 components    0.950  0.710  0.760  0.860  0.760      76         23.4
 * winnowed, 3 words, window 32    1.000  0.995  0.995  0.995  1.000      58         1926
 * winnowed, 8 words, window 16    1.000  0.990  1.000  1.000  1.000     112          2.2
 * winnowed, 8 words, window 32    0.995  0.985  0.995  0.990  0.990      57          1.4
 * winnowed, 8 words, window 64    0.880  0.895  0.925  0.935  0.880      29          1.0
 * winnowed, 12 words, window 32   0.955  0.955  0.970  0.960  0.955      57          0.9
 * </pre>
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

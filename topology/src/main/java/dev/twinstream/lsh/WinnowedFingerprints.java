package dev.twinstream.lsh;

import java.util.Arrays;

/**
 * Candidates for containment, a short text inside a long one, by winnowed fingerprints (Schleimer,
 * Wilkerson, Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003, section
 * 3): of every window of consecutive shingles the least hash is kept, about 2 / (window + 1) of
 * all. Texts that share a run of as many shingles as the window has share a fingerprint, however
 * long they are; the banding of a whole text's signature has no such promise.
 *
 * <p>Where a text would keep more fingerprints than the most allowed, its window is doubled. A
 * wider window's fingerprints are among a narrower one's, so that texts with different windows
 * meet, and the promise holds for runs of the wider one.
 *
 * <p>Chosen by measurement ({@code ContainmentMeasurementTest}): recall of texts of 60, 200 and 600
 * words, with a share of words changed, inside texts that are longer by a ratio.
 *
 * <pre>
 * length ratio                          1      2      5     10     20   keys stored at 10
 * winnowed, window 32, no changes   1.000  1.000  1.000  1.000  1.000   172
 *           5% of words changed     1.000  0.992  0.992  0.983  0.958
 *          15%                      0.925  0.925  0.967  0.942  0.950
 * the same, at most 64, no changes  1.000  1.000  1.000  1.000  0.992   44
 *           5%                      1.000  0.992  0.992  0.983  0.917
 *          15%                      0.925  0.925  0.967  0.933  0.825
 * MinHash by segment, no changes    1.000  0.967  0.833  0.867  0.817   197
 *           5%                      0.992  0.858  0.808  0.825  0.792
 *          15%                      0.850  0.708  0.633  0.600  0.625
 * LSH Ensemble, no changes          1.000  0.900  0.850  0.875  0.867   128
 *           5%                      0.767  0.592  0.717  0.825  0.800
 *          15%                      0.042  0.100  0.375  0.658  0.733
 * </pre>
 *
 * <p>The price is that one shared phrase makes candidates: a phrase of 12 words did so in 36% of
 * pairs, against 2% and 5%. Candidates are verified, and what many texts share is capped as a full
 * bucket.
 */
public final class WinnowedFingerprints implements CandidateGenerator<long[]> {
  private final int window;
  private final int most;
  private final long seed;
  private final long epoch;

  /**
   * @param window shingles, at least 1
   * @param most fingerprints a document keeps, at least 1
   * @param epoch number of the frozen set of parameters
   */
  public WinnowedFingerprints(int window, int most, long seed, long epoch) {
    if (window < 1 || most < 1) {
      throw new IllegalArgumentException(
          "wanted a window of at least 1 shingle and at least 1 fingerprint, found "
              + window
              + " and "
              + most);
    }
    this.window = window;
    this.most = most;
    this.seed = seed;
    this.epoch = Mixer.combine(epoch, seed);
  }

  /**
   * {@inheritDoc}
   *
   * @param shingles distinct, in the text's order
   */
  @Override
  public long[] keys(long[] shingles, long scope) {
    return keysOf(fingerprints(ranks(shingles)), scope);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Beside its fingerprints a document looks under its other shingles, the least hash first:
   * those are what another text would rather have kept. That finds a changed text of about a
   * window's length, whose least hash may be of a changed place.
   */
  @Override
  public long[] probes(long[] shingles, long scope, int count) {
    MultiProbe.requireCount(count);
    long[] ranks = ranks(shingles);
    long[] kept = fingerprints(ranks);
    Arrays.sort(ranks);
    long[] sorted = kept.clone();
    Arrays.sort(sorted);
    long[] looked = Arrays.copyOf(kept, kept.length + Math.min(count, ranks.length - kept.length));
    int size = kept.length;
    for (int i = 0; i < ranks.length && size < looked.length; i++) {
      if (Arrays.binarySearch(sorted, ranks[i]) < 0) {
        looked[size++] = ranks[i];
      }
    }
    return keysOf(looked, scope);
  }

  private long[] keysOf(long[] ranks, long scope) {
    long[] keys = new long[ranks.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = BucketKeys.key(BucketKeys.FINGERPRINTS, epoch, 0, ranks[i], scope);
    }
    return keys;
  }

  /** A shingle's place in the order that the least is taken of; a bijection, so without ties. */
  private long[] ranks(long[] shingles) {
    long[] ranks = new long[shingles.length];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = Mixer.combine(seed, shingles[i]);
    }
    return ranks;
  }

  /** The ranks kept, in the text's order. */
  private long[] fingerprints(long[] ranks) {
    int width = window;
    long[] kept = winnow(ranks, width);
    while (kept.length > most) {
      width = Math.min(ranks.length, 2 * width);
      kept = winnow(ranks, width);
    }
    return kept;
  }

  /** A text shorter than the window is one window. */
  private static long[] winnow(long[] ranks, int window) {
    long[] kept = new long[ranks.length];
    int size = 0;
    int[] queue = new int[ranks.length]; // places of ever larger ranks; the first is the least
    int head = 0;
    int tail = 0;
    int last = -1;
    for (int i = 0; i < ranks.length; i++) {
      while (tail > head && ranks[queue[tail - 1]] >= ranks[i]) {
        tail--;
      }
      queue[tail++] = i;
      if (queue[head] <= i - window) {
        head++;
      }
      boolean full = i >= window - 1 || i == ranks.length - 1;
      if (full && queue[head] != last) {
        last = queue[head];
        kept[size++] = ranks[last];
      }
    }
    return Arrays.copyOf(kept, size);
  }
}

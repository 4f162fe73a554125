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
 * <p>A fingerprint is 32 bits of a hash. Thread-safe.
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
    return keys(fingerprints(shingles), scope);
  }

  /** {@inheritDoc} A fingerprint has no neighbour, so that these are a text's keys alone. */
  @Override
  public long[] probes(long[] shingles, long scope, int count) {
    MultiProbe.requireCount(count);
    return keys(shingles, scope);
  }

  /** The bucket keys of fingerprints that were kept. */
  public long[] keys(int[] fingerprints, long scope) {
    return Arrays.stream(fingerprints)
        .mapToLong(print -> BucketKeys.key(BucketKeys.FINGERPRINTS, epoch, 0, print, scope))
        .toArray();
  }

  /** A shingle's place in the order that the least is taken of; a bijection, so without ties. */
  private long[] ranks(long[] shingles) {
    long[] ranks = new long[shingles.length];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = Mixer.combine(seed, shingles[i]);
    }
    return ranks;
  }

  /**
   * What is kept of a text, distinct and in its order.
   *
   * @param shingles distinct, in the text's order
   */
  public int[] fingerprints(long[] shingles) {
    long[] ranks = ranks(shingles);
    int width = window;
    long[] kept = winnow(ranks, width);
    while (kept.length > most) {
      width = Math.min(ranks.length, 2 * width);
      kept = winnow(ranks, width);
    }
    return Arrays.stream(kept).mapToInt(rank -> (int) rank).distinct().toArray();
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

package dev.twinstream.dedup;

import dev.twinstream.lsh.Banding;

/**
 * What shapes verdicts and state, and the memory for candidates; see {@link
 * dev.twinstream.app.TwinstreamConfig} for meanings and ranges.
 *
 * @param encoded whether documents come with encodings
 * @param expires whether documents leave once the retention and its grace have passed
 * @param clustersContained whether contained documents join their twin's cluster
 */
public record DedupParameters(
    int shingleWords,
    int permutations,
    int mostBands,
    double threshold,
    double falsePositiveWeight,
    double falseNegativeWeight,
    long seed,
    int partitions,
    long retentionMillis,
    long maxFutureMillis,
    int bucketCap,
    long candidatesBytes,
    boolean encoded,
    boolean expires,
    boolean clustersContained) {

  /** The bands and rows that follow from the threshold and the weights. */
  public Banding banding() {
    return Banding.forThreshold(
        threshold, permutations, mostBands, falsePositiveWeight, falseNegativeWeight);
  }

  /** Heap for the signatures of a partition's contents, in bytes. */
  long signatureBytes() {
    return candidatesBytes / partitions - bucketBytes();
  }

  /** Heap for a partition's buckets, in bytes. */
  long bucketBytes() {
    return candidatesBytes / partitions / 3;
  }
}

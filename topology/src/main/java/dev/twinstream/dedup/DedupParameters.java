package dev.twinstream.dedup;

/**
 * What shapes verdicts and state; see {@link dev.twinstream.app.TwinstreamConfig} for meanings and
 * ranges.
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
    int bucketCap) {}

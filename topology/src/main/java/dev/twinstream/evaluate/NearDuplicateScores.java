package dev.twinstream.evaluate;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How well a stream of documents was deduplicated, against the true cluster of each.
 *
 * @param adjustedRandIndex of the clusters found (Hubert, Arabie, Comparing partitions, 1985,
 *     equation 5): 1 = equal, 0 = as by chance
 * @param pairPrecision of all pairs put into one cluster, the share that belongs there; 1 if none
 * @param pairRecall of all pairs that belong together, the share put into one cluster; 1 if none
 * @param onlineRecall of the documents with an earlier true twin, the share for which one was named
 * @param onlinePrecision of the documents for which a twin was named, the share of true ones
 */
public record NearDuplicateScores(
    double adjustedRandIndex,
    double pairPrecision,
    double pairRecall,
    double onlineRecall,
    double onlinePrecision) {

  /**
   * One document, in stream order.
   *
   * @param truth its true cluster
   * @param cluster the cluster found
   * @param twinTruthOrNull the true cluster of the twin that was named; null where none was
   */
  public record Row(String truth, String cluster, String twinTruthOrNull) {}

  /** Harmonic mean of the pairs' precision and recall. */
  public double pairF1() {
    double sum = pairPrecision + pairRecall;
    return sum == 0 ? 0 : 2 * pairPrecision * pairRecall / sum;
  }

  /**
   * @param rows in stream order, at least two
   */
  public static NearDuplicateScores of(List<Row> rows) {
    Map<String, Long> truths = new HashMap<>();
    Map<String, Long> clusters = new HashMap<>();
    Map<List<String>, Long> both = new HashMap<>();
    Set<String> seen = new HashSet<>();
    int withTwin = 0;
    int named = 0;
    int found = 0;
    int right = 0;
    for (Row row : rows) {
      truths.merge(row.truth(), 1L, Long::sum);
      clusters.merge(row.cluster(), 1L, Long::sum);
      both.merge(List.of(row.truth(), row.cluster()), 1L, Long::sum);
      boolean isRight = row.truth().equals(row.twinTruthOrNull());
      named += row.twinTruthOrNull() == null ? 0 : 1;
      right += isRight ? 1 : 0;
      if (!seen.add(row.truth())) {
        withTwin++;
        found += isRight ? 1 : 0;
      }
    }
    double together = pairs(both.values());
    double truePairs = pairs(truths.values());
    double foundPairs = pairs(clusters.values());
    double chance = truePairs * foundPairs / pairs(List.of((long) rows.size()));
    double most = (truePairs + foundPairs) / 2;
    return new NearDuplicateScores(
        most == chance ? 1 : (together - chance) / (most - chance),
        share(together, foundPairs),
        share(together, truePairs),
        share(found, withTwin),
        share(right, named));
  }

  private static double pairs(Collection<Long> sizes) {
    double pairs = 0;
    for (long size : sizes) {
      pairs += size * (size - 1) / 2.0;
    }
    return pairs;
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 1 : part / whole;
  }
}

package dev.twinstream.evaluate;

import java.util.Arrays;
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
    int[] counts = new int[rows.size()];
    Arrays.fill(counts, 1);
    return of(rows, counts);
  }

  /**
   * @param rows in stream order
   * @param counts how often each row counts; copies of one row are no pair
   */
  static NearDuplicateScores of(List<Row> rows, int[] counts) {
    Map<Object, Group> truths = new HashMap<>();
    Map<Object, Group> clusters = new HashMap<>();
    Map<Object, Group> both = new HashMap<>();
    Set<String> seen = new HashSet<>();
    Group all = new Group();
    long withTwin = 0;
    long named = 0;
    long found = 0;
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      Row row = rows.get(i);
      int count = counts[i];
      all.add(count);
      truths.computeIfAbsent(row.truth(), key -> new Group()).add(count);
      clusters.computeIfAbsent(row.cluster(), key -> new Group()).add(count);
      both.computeIfAbsent(List.of(row.truth(), row.cluster()), key -> new Group()).add(count);
      boolean isRight = row.truth().equals(row.twinTruthOrNull());
      named += row.twinTruthOrNull() == null ? 0 : count;
      right += isRight ? count : 0;
      if (!seen.add(row.truth())) {
        withTwin += count;
        found += isRight ? count : 0;
      }
    }
    double together = pairs(both.values());
    double truePairs = pairs(truths.values());
    double foundPairs = pairs(clusters.values());
    double allPairs = all.pairs();
    double chance = allPairs == 0 ? 0 : truePairs * foundPairs / allPairs;
    double most = (truePairs + foundPairs) / 2;
    return new NearDuplicateScores(
        most == chance ? 1 : (together - chance) / (most - chance),
        share(together, foundPairs),
        share(together, truePairs),
        share(found, withTwin),
        share(right, named));
  }

  private static double pairs(Collection<Group> groups) {
    double pairs = 0;
    for (Group group : groups) {
      pairs += group.pairs();
    }
    return pairs;
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 1 : part / whole;
  }

  private static final class Group {
    private long sum;
    private long squares;

    void add(int count) {
      sum += count;
      squares += (long) count * count;
    }

    double pairs() {
      return (sum * sum - squares) / 2.0;
    }
  }
}

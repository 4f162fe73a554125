package dev.twinstream.recall;

import java.util.EnumMap;
import java.util.Map;

/** What one process has counted so far, over all its partitions. Safe for use by many threads. */
public final class OwnRecall {
  private final Map<RecallKind, RecallEstimate> counted = new EnumMap<>(RecallKind.class);

  /**
   * Adds the pairs of one newcomer or one probe, or what another process has counted.
   *
   * @param kind where they come from; the kinds are never mixed, since they differ in what they ask
   */
  public synchronized void add(RecallKind kind, RecallEstimate pairs) {
    counted.merge(kind, pairs, RecallEstimate::plus);
  }

  /** What is known from one kind of pairs. */
  public synchronized RecallEstimate of(RecallKind kind) {
    return counted.getOrDefault(kind, RecallEstimate.NONE);
  }
}

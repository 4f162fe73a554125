package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import java.util.Optional;
import java.util.Set;

/** Which partition a document, or a bucket, belongs to: our own hash, whatever producers use. */
public final class Partitioning {
  private Partitioning() {}

  /** A {@link org.apache.kafka.streams.processor.StreamPartitioner} by document id. */
  public static Optional<Set<Integer>> byDocument(
      String topic, String id, Object value, int partitions) {
    return Optional.of(Set.of(ofDocument(id, partitions)));
  }

  static int ofDocument(String id, int partitions) {
    return ofKey(BucketKeys.scope(id), partitions);
  }

  /** Keys are hashes already: their upper half is as good as another hash. */
  static int ofKey(long key, int partitions) {
    return Math.floorMod((int) (key >>> 32), partitions);
  }
}

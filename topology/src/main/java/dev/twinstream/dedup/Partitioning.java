package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import java.util.Optional;
import java.util.Set;

/** Which partition things belong to: our own hash, whatever producers use. */
public final class Partitioning {
  /** Addresses have this many bits: so many fewer bytes a posting. */
  static final int ADDRESS_BITS = 40;

  private static final long MASK = (1L << ADDRESS_BITS) - 1;

  private Partitioning() {}

  /** A {@link org.apache.kafka.streams.processor.StreamPartitioner} by document id. */
  public static Optional<Set<Integer>> byDocument(
      String topic, String id, Object value, int partitions) {
    return Optional.of(Set.of(ofDocument(id, partitions)));
  }

  static int ofDocument(String id, int partitions) {
    return ofHash(BucketKeys.scope(id), partitions);
  }

  static int ofContent(long address, int partitions) {
    return ofHash(address << (Long.SIZE - ADDRESS_BITS), partitions);
  }

  /** By the half of a key that is not stored. */
  static int ofBucket(long key, int partitions) {
    return ofHash(key, partitions);
  }

  /** The upper half of a hash is as good as another hash. */
  private static int ofHash(long hash, int partitions) {
    return Math.floorMod((int) (hash >>> 32), partitions);
  }

  /** The address of a content: a hash of its text's two and its scope's, cut short. */
  static long address(long textHash1, long scope) {
    return BucketKeys.combine(textHash1, scope) & MASK;
  }

  /** Where a content goes whose address is taken by another. */
  static long nextAddress(long address) {
    return BucketKeys.combine(address, 1) & MASK;
  }

  /**
   * The half of a bucket key that a partition stores. With 100 million postings in a partition, one
   * lookup in 43 meets a bucket of another key: a needless candidate.
   */
  static int stored(long key) {
    return (int) key;
  }
}

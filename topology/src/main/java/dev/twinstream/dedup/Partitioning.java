package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;

/** Which partition a document, or a bucket, belongs to: our own hash, whatever producers use. */
final class Partitioning {
  private Partitioning() {}

  static int ofDocument(String id, int partitions) {
    return ofKey(BucketKeys.scope(id), partitions);
  }

  /** Keys are hashes already: their upper half is as good as another hash. */
  static int ofKey(long key, int partitions) {
    return Math.floorMod((int) (key >>> 32), partitions);
  }
}

package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.schemas.internal.Sketch;

/**
 * Where contents live: each text has a way of addresses, and takes the first that is not another's.
 * What documents tell their content goes to the first address, and on from there, so that it keeps
 * its order.
 */
interface Addresses {
  /** Hashes: of ten million texts, hardly one finds its address taken. */
  Addresses HASHED =
      new Addresses() {
        @Override
        public long first(long textHash1, long scope) {
          return Partitioning.address(textHash1, scope);
        }

        @Override
        public long next(long address) {
          return Partitioning.nextAddress(address);
        }
      };

  /** What tells texts of one address apart. */
  static long text(long textHash2, long scope) {
    return BucketKeys.combine(textHash2, scope);
  }

  /** The same of a sketch. */
  static long text(Sketch sketch) {
    return text(sketch.getTextHash(), sketch.getScope());
  }

  /** Where the way of a text begins. */
  long first(long textHash1, long scope);

  /** Where a text goes whose address is taken by another. */
  long next(long address);
}

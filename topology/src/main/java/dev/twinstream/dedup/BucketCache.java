package dev.twinstream.dedup;

/**
 * Buckets in memory, over their store. A document looks into some dozens of buckets; of those that
 * hold anything, most are looked into again and again, above all by probes, and their number grows
 * with the stream until nearly all that are looked into hold something. So a bucket is kept once it
 * has been found in the store. Most others are never looked into again: these are not kept.
 *
 * <p>A table that grows up to a limit; from then on, buckets go in turn.
 */
final class BucketCache implements BucketEngine.BucketStore {
  private static final int FIRST_PLACES = 16;

  /** A key and a reference. */
  private static final int PLACE_BYTES = Long.BYTES + Integer.BYTES;

  /** What an array takes beside its content, and on average to fill up 8 bytes. */
  private static final int ARRAY_BYTES = 20;

  private final BucketEngine.BucketStore store;
  private final long mostBytes;
  private Places places = new Places(FIRST_PLACES);
  private byte[][] buckets = new byte[FIRST_PLACES][];
  private long bucketBytes;

  /** The place that a bucket was last driven from. */
  private int hand;

  /**
   * @param mostBytes of heap, about; with less than the smallest table takes nothing is kept
   */
  BucketCache(BucketEngine.BucketStore store, long mostBytes) {
    this.store = store;
    this.mostBytes = mostBytes;
  }

  @Override
  public byte[] get(int key) {
    int place = find(key);
    if (place >= 0) {
      return buckets[place];
    }
    byte[] found = store.get(key);
    if (found != null) {
      keep(key, found);
    }
    return found;
  }

  @Override
  public void put(int key, byte[] addressesOrNull) {
    store.put(key, addressesOrNull);
    int place = find(key);
    if (place < 0) {
      return;
    }
    if (addressesOrNull == null) {
      drop(place);
    } else {
      set(place, addressesOrNull);
      makeRoom();
    }
  }

  private int find(int key) {
    return places.find(Integer.toUnsignedLong(key));
  }

  private void keep(int key, byte[] bucket) {
    if (mostBytes < (long) PLACE_BYTES * FIRST_PLACES) {
      return;
    }
    if (places.crowded() && bytes() + (long) PLACE_BYTES * places.count() <= mostBytes) {
      grow();
    }
    set(places.take(Integer.toUnsignedLong(key)), bucket);
    makeRoom();
  }

  private void set(int place, byte[] bucket) {
    bucketBytes += bytes(bucket) - bytes(buckets[place]);
    buckets[place] = bucket;
  }

  private void drop(int place) {
    set(place, null);
    places.leave(place);
  }

  private void makeRoom() {
    while (bytes() > mostBytes && places.used() > 0) {
      hand = (hand + 1) % buckets.length;
      if (places.taken(hand)) {
        drop(hand);
      }
    }
  }

  private void grow() {
    Places before = places;
    byte[][] bucketsBefore = buckets;
    places = new Places(2 * before.count());
    buckets = new byte[places.count()][];
    bucketBytes = 0;
    for (int i = 0; i < bucketsBefore.length; i++) {
      if (before.taken(i)) {
        set(places.take(before.key(i)), bucketsBefore[i]);
      }
    }
  }

  private static long bytes(byte[] bucketOrNull) {
    return bucketOrNull == null ? 0 : ARRAY_BYTES + bucketOrNull.length;
  }

  /** What the table and its buckets take, about. */
  long bytes() {
    return bucketBytes + (long) PLACE_BYTES * places.count();
  }
}

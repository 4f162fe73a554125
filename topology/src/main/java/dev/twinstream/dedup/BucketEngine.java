package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * One bucket partition: keeps the addresses of contents by bucket key, and names candidates. A full
 * bucket keeps those that came first; whoever comes later is still told of them, but not stored, so
 * that no bucket makes the work for one document grow with the stream.
 */
public final class BucketEngine {
  private static final int ADDRESS_BYTES = StoreKeys.ADDRESS_BYTES;

  /** The partition's buckets, by the stored part of their key. */
  public interface BucketStore {
    /** Packed addresses; null where the bucket is empty. */
    byte[] get(int key);

    /** Removes the bucket where it is null. */
    void put(int key, byte[] addressesOrNull);
  }

  private final BucketStore store;
  private final ContentOutbox outbox;
  private final int cap;
  private long dropped;
  private long full;

  /**
   * @param cap postings a bucket keeps, at least 1
   */
  public BucketEngine(BucketStore store, ContentOutbox outbox, int cap) {
    this.store = store;
    this.outbox = outbox;
    this.cap = cap;
  }

  /** Postings that full buckets did not keep, since the start. */
  public long dropped() {
    return dropped;
  }

  /** Buckets that became full, since the start. */
  public long full() {
    return full;
  }

  /** Adds or takes away a content's postings; an addition is answered with candidates. */
  public void handle(BucketRequest request) {
    long asker = request.getAsker().getAddress();
    if (request.getRetract()) {
      request.getKeys().forEach(key -> remove(Partitioning.stored(key), asker));
      return;
    }
    TreeSet<Long> candidates = new TreeSet<>();
    for (long key : request.getKeys()) {
      byte[] bucket = store.get(Partitioning.stored(key));
      collect(bucket, candidates);
      add(Partitioning.stored(key), bucket, asker);
    }
    for (long key : request.getProbes()) {
      collect(store.get(Partitioning.stored(key)), candidates);
    }
    List<List<Long>> parts = MessageParts.ofCandidates(new ArrayList<>(candidates));
    for (int i = 0; i < parts.size(); i++) {
      boolean more = i + 1 < parts.size();
      outbox.toContent(
          asker, new BucketAnswer(request.getAsker(), request.getPartition(), parts.get(i), more));
    }
  }

  private static void collect(byte[] bucket, TreeSet<Long> candidates) {
    if (bucket != null) {
      addresses(bucket).forEach(candidates::add);
    }
  }

  private void add(int key, byte[] bucket, long address) {
    int size = bucket == null ? 0 : bucket.length / ADDRESS_BYTES;
    if (bucket != null && contains(bucket, address)) {
      return;
    }
    if (size >= cap) {
      dropped++;
      return;
    }
    ByteBuffer grown = ByteBuffer.allocate((size + 1) * ADDRESS_BYTES);
    if (bucket != null) {
      grown.put(bucket);
    }
    StoreKeys.put(grown, address);
    store.put(key, grown.array());
    full += size + 1 == cap ? 1 : 0;
  }

  private static boolean contains(byte[] bucket, long address) {
    ByteBuffer bytes = ByteBuffer.wrap(bucket);
    while (bytes.hasRemaining()) {
      if (StoreKeys.address(bytes) == address) {
        return true;
      }
    }
    return false;
  }

  private void remove(int key, long address) {
    byte[] bucket = store.get(key);
    if (bucket == null) {
      return;
    }
    List<Long> left = addresses(bucket);
    if (left.remove((Long) address)) {
      ByteBuffer shrunk = ByteBuffer.allocate(left.size() * ADDRESS_BYTES);
      left.forEach(each -> StoreKeys.put(shrunk, each));
      store.put(key, left.isEmpty() ? null : shrunk.array());
    }
  }

  private static List<Long> addresses(byte[] bucket) {
    ByteBuffer bytes = ByteBuffer.wrap(bucket);
    List<Long> addresses = new ArrayList<>(bucket.length / ADDRESS_BYTES);
    while (bytes.hasRemaining()) {
      addresses.add(StoreKeys.address(bytes));
    }
    return addresses;
  }
}

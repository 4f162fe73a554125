package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One bucket partition: keeps the addresses of contents by bucket key, and names candidates. A full
 * bucket keeps those that came first; whoever comes later is still told of them, but not stored, so
 * that no bucket makes the work for one document grow with the stream.
 */
public final class BucketEngine {
  /** The partition's buckets, by the stored part of their key. */
  public interface BucketStore {
    /** {@link PackedAddresses}; null where the bucket is empty. */
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
    List<ByteBuffer> found = new ArrayList<>();
    for (long key : request.getKeys()) {
      byte[] bucket = store.get(Partitioning.stored(key));
      collect(bucket, found);
      add(Partitioning.stored(key), bucket, asker);
    }
    for (long key : request.getProbes()) {
      collect(store.get(Partitioning.stored(key)), found);
    }
    List<ByteBuffer> parts = MessageParts.ofCandidates(PackedAddresses.distinct(found));
    for (int i = 0; i < parts.size(); i++) {
      boolean more = i + 1 < parts.size();
      outbox.toContent(
          asker, new BucketAnswer(request.getAsker(), request.getPartition(), parts.get(i), more));
    }
  }

  private static void collect(byte[] bucket, List<ByteBuffer> found) {
    if (bucket != null) {
      found.add(ByteBuffer.wrap(bucket));
    }
  }

  private void add(int key, byte[] bucket, long address) {
    int size = bucket == null ? 0 : PackedAddresses.count(ByteBuffer.wrap(bucket));
    if (bucket != null && PackedAddresses.find(bucket, address) >= 0) {
      return;
    }
    if (size >= cap) {
      dropped++;
      return;
    }
    store.put(key, PackedAddresses.with(bucket, address));
    full += size + 1 == cap ? 1 : 0;
  }

  private void remove(int key, long address) {
    byte[] bucket = store.get(key);
    int at = bucket == null ? -1 : PackedAddresses.find(bucket, address);
    if (at >= 0) {
      store.put(key, PackedAddresses.without(bucket, at));
    }
  }
}

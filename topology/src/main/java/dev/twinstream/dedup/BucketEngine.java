package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Bucket;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.Posting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One bucket partition: keeps postings by bucket key and names candidates. */
public final class BucketEngine {
  /** The partition's buckets by key. */
  public interface BucketStore {
    /** Null where the bucket is empty. */
    Bucket get(long key);

    /** Removes the bucket where it is null. */
    void put(long key, Bucket bucketOrNull);
  }

  private final BucketStore store;
  private final Outbox outbox;
  private final long retentionMillis;
  private final int cap;
  private long dropped;

  public BucketEngine(BucketStore store, Outbox outbox, long retentionMillis, int cap) {
    this.store = store;
    this.outbox = outbox;
    this.retentionMillis = retentionMillis;
    this.cap = cap;
  }

  /** Postings that full buckets did not keep, since the start. */
  public long dropped() {
    return dropped;
  }

  /** Adds or removes the document's postings; an addition is answered with candidates. */
  public void handle(BucketRequest request) {
    Map<String, Posting> candidates = new HashMap<>();
    for (long key : request.getKeys()) {
      Bucket bucket = store.get(key);
      List<Posting> postings =
          bucket == null ? new ArrayList<>(1) : new ArrayList<>(bucket.getPostings());
      boolean changed = postings.removeIf(p -> isOlderSelf(p, request));
      if (!request.getRetract()) {
        for (Posting posting : postings) {
          if (eligible(posting, request)) {
            candidates.merge(
                posting.getId(), posting, (a, b) -> a.getVersion() >= b.getVersion() ? a : b);
          }
        }
        insert(postings, request);
        changed = true;
      }
      if (changed) {
        store.put(key, postings.isEmpty() ? null : new Bucket(postings));
      }
    }
    if (!request.getRetract()) {
      List<Posting> ordered = new ArrayList<>(candidates.values());
      ordered.sort(BucketEngine::compare);
      outbox.message(
          request.getId(), new BucketAnswer(request.getVersion(), request.getPartition(), ordered));
    }
  }

  private static boolean isOlderSelf(Posting posting, BucketRequest request) {
    return posting.getId().equals(request.getId()) && posting.getVersion() <= request.getVersion();
  }

  private boolean eligible(Posting posting, BucketRequest request) {
    if (posting.getId().equals(request.getId())) {
      return false;
    }
    long apart = Math.abs(posting.getEventTime() - request.getEventTime());
    return apart >= 0 && apart <= retentionMillis;
  }

  private void insert(List<Posting> postings, BucketRequest request) {
    Posting own = new Posting(request.getId(), request.getVersion(), request.getEventTime());
    int at = postings.size();
    while (at > 0 && compare(postings.get(at - 1), own) > 0) {
      at--;
    }
    postings.add(at, own);
    if (postings.size() > cap) {
      postings.remove(postings.size() - 1);
      dropped++;
    }
  }

  private static int compare(Posting a, Posting b) {
    return DocumentOrder.compare(a.getEventTime(), a.getId(), b.getEventTime(), b.getId());
  }
}

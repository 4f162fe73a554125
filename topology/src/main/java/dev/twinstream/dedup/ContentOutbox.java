package dev.twinstream.dedup;

import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;

/** Where a content partition puts what it has to say. */
public interface ContentOutbox {
  /** Sends one of the payloads of {@link dev.twinstream.schemas.internal.ContentMessage}. */
  void toContent(long address, Object payload);

  /** The same to a partition. */
  void toContentPartition(int partition, Object payload);

  /** Sends one of the payloads of {@link dev.twinstream.schemas.internal.DocumentMessage}. */
  void toDocument(String id, Object payload);

  /** Sends bucket keys to the partition named in the request. */
  void toBuckets(BucketRequest request);

  /** Answers a question. */
  void answer(String questionId, Verdict verdict);
}

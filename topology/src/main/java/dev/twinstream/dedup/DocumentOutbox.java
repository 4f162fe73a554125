package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.EdgeChange;

/** Where a document partition puts what it has to say. */
public interface DocumentOutbox {
  /** Sends one of the payloads of {@link dev.twinstream.schemas.internal.ContentMessage}. */
  void toContent(long address, Object payload);

  /** Sends one of the payloads of {@link dev.twinstream.schemas.internal.DocumentMessage}. */
  void toDocument(String id, Object payload);

  /** Tells the clusters of a document's edge. */
  void toClusters(EdgeChange change);

  /** Publishes a verdict, or a tombstone where it is null. */
  void verdict(String id, Verdict verdict);

  /** Publishes a document's encoding, or a tombstone where it is null. */
  void encoding(String id, Encoding encoding);

  /** Publishes a document's cluster, or a tombstone where it is null. */
  void clusterMember(String id, ClusterMember member);

  /** Answers a question. */
  void answer(String questionId, Verdict verdict);
}

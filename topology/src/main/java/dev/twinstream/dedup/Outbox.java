package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.VerifyRequest;

/** Where the engines put what they have to say. */
public interface Outbox {
  /** Sends bucket keys to the partition named in the request. */
  void bucketRequest(BucketRequest request);

  /**
   * Sends one of the payloads of {@link dev.twinstream.schemas.internal.DocumentMessage} to a
   * document.
   */
  void message(String targetId, Object payload);

  /** Asks the document partition named in the request to verify candidates. */
  void verifyRequest(VerifyRequest request);

  /** Publishes a verdict, or a tombstone where it is null. */
  void verdict(String id, Verdict verdict);

  /** Publishes a document's cluster, or a tombstone where it is null. */
  void clusterMember(String id, ClusterMember member);
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.EdgeChange;

/** Sends nothing; a test overrides what it listens to. */
class SilentOutbox implements DocumentOutbox, ContentOutbox {
  @Override
  public void toContent(long address, Object payload) {}

  @Override
  public void toContentPartition(int partition, Object payload) {}

  @Override
  public void toBuckets(BucketRequest request) {}

  @Override
  public void toDocument(String id, Object payload) {}

  @Override
  public void toClusters(EdgeChange change) {}

  @Override
  public void verdict(String id, Verdict verdict) {}

  @Override
  public void encoding(String id, Encoding encoding) {}

  @Override
  public void clusterMember(String id, ClusterMember member) {}

  @Override
  public void answer(String questionId, Verdict verdict) {}
}

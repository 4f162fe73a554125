package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.ContentMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EdgeChange;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The outboxes of the engines: forwards to the topology's sinks, each with a name by its sender.
 */
final class ForwardingOutbox implements DocumentOutbox, ContentOutbox {
  private final ProcessorContext<Object, Object> context;
  private final String sender;
  private long timestamp;

  /**
   * @param sender the end of the names of this processor's sinks
   */
  ForwardingOutbox(ProcessorContext<Object, Object> context, String sender) {
    this.context = context;
    this.sender = sender;
  }

  /** Sets the timestamp of what follows: that of the record being processed. */
  void at(long recordTimestamp) {
    timestamp = recordTimestamp;
  }

  @Override
  public void toContent(long address, Object payload) {
    send(address, new ContentMessage(-1, payload), DedupTopology.TO_CONTENTS + sender);
  }

  @Override
  public void toContentPartition(int partition, Object payload) {
    send(0L, new ContentMessage(partition, payload), DedupTopology.TO_CONTENTS + sender);
  }

  @Override
  public void toDocument(String id, Object payload) {
    send(id, new DocumentMessage(payload), DedupTopology.TO_DOCUMENTS + sender);
  }

  @Override
  public void toBuckets(BucketRequest request) {
    send(request.getAsker().getAddress(), request, DedupTopology.TO_BUCKETS);
  }

  @Override
  public void toClusters(EdgeChange change) {
    String scope = change.getScope() == null ? "" : change.getScope();
    send(scope, new ClusterMessage(-1, change), DedupTopology.TO_CLUSTER_EDGES);
  }

  @Override
  public void verdict(String id, Verdict verdict) {
    send(id, verdict, DedupTopology.TO_VERDICTS);
  }

  @Override
  public void clusterMember(String id, ClusterMember member) {
    send(id, member, DedupTopology.TO_MEMBERS);
  }

  @Override
  public void answer(String questionId, Verdict verdict) {
    send(questionId, verdict, DedupTopology.TO_ANSWERS + sender);
  }

  private void send(Object key, Object value, String sink) {
    context.forward(new Record<>(key, value, timestamp), sink);
  }
}

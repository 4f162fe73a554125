package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.VerifyRequest;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** An {@link Outbox} that forwards to the topology's sinks. */
final class ForwardingOutbox implements Outbox {
  private final ProcessorContext<String, Object> context;
  private final String messageSink;
  private long timestamp;

  ForwardingOutbox(ProcessorContext<String, Object> context, String messageSink) {
    this.context = context;
    this.messageSink = messageSink;
  }

  /** Sets the timestamp of what follows: that of the record being processed. */
  void at(long recordTimestamp) {
    timestamp = recordTimestamp;
  }

  @Override
  public void bucketRequest(BucketRequest request) {
    send(request.getId(), request, DedupTopology.TO_BUCKETS);
  }

  @Override
  public void message(String targetId, Object payload) {
    send(targetId, new DocumentMessage(-1, payload), messageSink);
  }

  @Override
  public void verifyRequest(VerifyRequest request) {
    send(request.getAsker(), new DocumentMessage(request.getPartition(), request), messageSink);
  }

  @Override
  public void verdict(String id, Verdict verdict) {
    send(id, verdict, DedupTopology.TO_VERDICTS);
  }

  @Override
  public void clusterMember(String id, ClusterMember member) {
    send(id, member, DedupTopology.TO_MEMBERS);
  }

  private void send(String key, Object value, String sink) {
    context.forward(new Record<>(key, value, timestamp), sink);
  }
}

package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.Compared;
import dev.twinstream.schemas.internal.ContentMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EdgeChange;
import java.util.List;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outboxes of the engines: forwards to the topology's sinks, each with a name by its sender.
 */
final class ForwardingOutbox implements DocumentOutbox, ContentOutbox {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardingOutbox.class);

  private final ProcessorContext<Object, Object> context;
  private final String sender;
  private final long mostListBytes;
  private final Sensor oversized;
  private long timestamp;

  /**
   * @param sender the end of the names of this processor's sinks
   * @param maxRecordBytes the largest record that the internal topics take
   */
  ForwardingOutbox(ProcessorContext<Object, Object> context, String sender, int maxRecordBytes) {
    this.context = context;
    this.sender = sender;
    // What a content hears of another, it stores beside what it heard before.
    this.mostListBytes = maxRecordBytes / 2;
    this.oversized =
        Counters.counter(context, "oversized-messages", "messages too large to be sent, dropped");
  }

  /** Sets the timestamp of what follows: that of the record being processed. */
  void at(long recordTimestamp) {
    timestamp = recordTimestamp;
  }

  @Override
  public void toContent(long address, Object payload) {
    sendToContent(address, new ContentMessage(-1, payload));
  }

  @Override
  public void toContentPartition(int partition, Object payload) {
    sendToContent(0, new ContentMessage(partition, payload));
  }

  /**
   * A message over the topic's limit would stop the application. Those that are large for many
   * candidates are split before; what is left is a content with thousands of excluded pairs.
   */
  private void sendToContent(long address, ContentMessage message) {
    long bytes = MessageParts.bytes(message.getPayload());
    if (bytes > mostListBytes) {
      oversized.record();
      LOG.error(
          "a {} to content {} has some {} bytes, the internal topics take {}: it is dropped, and"
              + " verdicts of that text may stay behind; raise max.message.bytes, or take marks of"
              + " its documents back",
          message.getPayload().getClass().getSimpleName(),
          Long.toHexString(address),
          bytes,
          mostListBytes);
      if (!(message.getPayload() instanceof Compared compared)) {
        return;
      }
      compared.setMatches(List.of()); // or its asker waits for ever
    }
    send(address, message, DedupTopology.TO_CONTENTS + sender);
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
  public void encoding(String id, Encoding encoding) {
    send(id, encoding, DedupTopology.TO_ENCODINGS);
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

package dev.twinstream.dedup;

import dev.twinstream.recall.OwnRecall;
import dev.twinstream.schemas.internal.ContentMessage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Moves messages to contents through a {@link ContentEngine}. */
final class ContentProcessor implements Processor<Long, ContentMessage, Object, Object> {
  private final ContentKeys keys;
  private final TwinDecision decision;
  private final DedupParameters parameters;
  private final RecallParameters recall;
  private final OwnRecall counted;
  private final int maxRecordBytes;
  private ForwardingOutbox outbox;
  private ContentEngine engine;

  ContentProcessor(
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      RecallParameters recall,
      OwnRecall counted,
      int maxRecordBytes) {
    this.keys = keys;
    this.decision = decision;
    this.parameters = parameters;
    this.recall = recall;
    this.counted = counted;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    outbox = new ForwardingOutbox(context, DedupTopology.FROM_CONTENTS, maxRecordBytes);
    KafkaContentStore store = new KafkaContentStore(context);
    ContentRecall watch = new ContentRecall(counted, recall, keys, decision, parameters);
    watch.fill(store);
    RecallGauges.register(context, counted);
    engine = new ContentEngine(store, outbox, keys, decision, parameters, watch);
  }

  @Override
  public void process(Record<Long, ContentMessage> input) {
    outbox.at(input.timestamp());
    engine.receive(input.key(), input.value().getPayload());
  }
}

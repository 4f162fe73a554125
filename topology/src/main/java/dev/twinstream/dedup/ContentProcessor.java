package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.ContentMessage;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Moves messages to contents through a {@link ContentEngine}. */
final class ContentProcessor implements Processor<Long, ContentMessage, Object, Object> {
  private final ContentKeys keys;
  private final TwinDecision decision;
  private final DedupParameters parameters;
  private ForwardingOutbox outbox;
  private ContentEngine engine;

  ContentProcessor(ContentKeys keys, TwinDecision decision, DedupParameters parameters) {
    this.keys = keys;
    this.decision = decision;
    this.parameters = parameters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    outbox = new ForwardingOutbox(context, DedupTopology.FROM_CONTENTS);
    engine = new ContentEngine(new KafkaContentStore(context), outbox, keys, decision, parameters);
  }

  @Override
  public void process(Record<Long, ContentMessage> input) {
    outbox.at(input.timestamp());
    engine.receive(input.key(), input.value().getPayload());
  }
}

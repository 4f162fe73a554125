package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.DocumentMessage;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Moves documents, and messages to documents, through a {@link DocumentEngine}. */
final class DocumentProcessor implements Processor<String, Object, Object, Object> {
  private final LexicalSketcher sketcher;
  private final ContentKeys keys;
  private final TwinDecision decision;
  private final DedupParameters parameters;
  private final RecallParameters recall;
  private final int maxRecordBytes;
  private ForwardingOutbox outbox;
  private DocumentEngine engine;
  private Sensor documents;
  private Sensor clamped;

  DocumentProcessor(
      LexicalSketcher sketcher,
      ContentKeys keys,
      TwinDecision decision,
      DedupParameters parameters,
      RecallParameters recall,
      int maxRecordBytes) {
    this.sketcher = sketcher;
    this.keys = keys;
    this.decision = decision;
    this.parameters = parameters;
    this.recall = recall;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    outbox = new ForwardingOutbox(context, DedupTopology.FROM_DOCUMENTS, maxRecordBytes);
    engine =
        new DocumentEngine(
            new KafkaDocumentStore(context), outbox, sketcher, keys, decision, parameters, recall);
    documents = Counters.counter(context, "documents", "documents, deletes and checks taken in");
    clamped = Counters.counter(context, "clamped-event-times", "event times too far ahead");
  }

  @Override
  public void process(Record<String, Object> input) {
    outbox.at(input.timestamp());
    if (input.value() instanceof Arrival arrival) {
      documents.record();
      if (EventTime.of(arrival, parameters.maxFutureMillis()).clamped()) {
        clamped.record();
      }
      engine.arrive(arrival);
    } else {
      engine.receive(input.key(), ((DocumentMessage) input.value()).getPayload());
    }
  }
}

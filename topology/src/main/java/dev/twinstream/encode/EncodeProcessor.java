package dev.twinstream.encode;

import dev.twinstream.dedup.DeadLetters;
import dev.twinstream.encode.DocumentEncoder.Outcome;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.PendingArrival;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Collects documents into batches, encodes them, and forwards them in the order they came. */
final class EncodeProcessor implements Processor<String, Arrival, String, Object> {
  /** Kafka Streams looks at the clock so often at most. */
  private static final long TURN_MS = 50;

  private final DocumentEncoder documents;
  private final TriesLog tries;
  private final EncodeParameters parameters;
  private final String sourceTopic;
  private ProcessorContext<String, Object> context;
  private EncodeMetrics metrics;
  private CarefulEncoder encoder;
  private PendingBatch pending;

  /**
   * Kafka Streams may hand over many records before it looks at the clock: a batch of each turn
   * would make its transaction longer than its timeout allows. The others wait in the store.
   */
  private boolean mayEmit = true;

  /** When what waits is emitted although it fills no batch. */
  private long due;

  EncodeProcessor(
      DocumentEncoder documents, TriesLog tries, EncodeParameters parameters, String sourceTopic) {
    this.documents = documents;
    this.tries = tries;
    this.parameters = parameters;
    this.sourceTopic = sourceTopic;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    this.metrics = new EncodeMetrics(context);
    this.encoder = new CarefulEncoder(documents, tries, context.taskId().partition());
    if (parameters.batchDocuments() > 1) {
      pending = new PendingBatch(context.getStateStore(EncodeTopology.PENDING));
      due = context.currentSystemTimeMs() + parameters.batchWaitMillis();
      context.schedule(
          Duration.ofMillis(Math.min(TURN_MS, parameters.batchWaitMillis())),
          PunctuationType.WALL_CLOCK_TIME,
          this::turn);
    }
  }

  @Override
  public void process(Record<String, Arrival> input) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    PendingArrival arrival =
        new PendingArrival(at.partition(), at.offset(), input.timestamp(), input.value());
    if (pending == null) {
      emit(List.of(arrival));
      return;
    }
    pending.add(arrival);
    if (mayEmit && isFull()) {
      mayEmit = false;
      emitBatch();
    }
  }

  private void turn(long now) {
    if (isFull() || now >= due) {
      emitBatch();
      due = now + parameters.batchWaitMillis();
    }
    mayEmit = true;
  }

  private boolean isFull() {
    return pending.documents() >= parameters.batchDocuments()
        || pending.characters() >= parameters.batchCharacters();
  }

  private void emitBatch() {
    emit(pending.take(parameters.batchDocuments(), parameters.batchCharacters()));
  }

  /** Computes all before it forwards anything. */
  private void emit(List<PendingArrival> batch) {
    List<Outcome> outcomes = encoder.encode(batch);
    for (int i = 0; i < batch.size(); i++) {
      Outcome outcome = outcomes.get(i);
      metrics.record(outcome);
      if (outcome.failure() == null) {
        forward(outcome.arrival(), outcome.arrival(), batch.get(i), EncodeTopology.TO_ENCODED);
      } else {
        refuse(batch.get(i), outcome.failure());
      }
    }
  }

  private void forward(Arrival arrival, Object value, PendingArrival from, String sink) {
    context.forward(new Record<>(arrival.getDocument().getId(), value, from.getTimestamp()), sink);
  }

  private void refuse(PendingArrival refused, RuntimeException cause) {
    byte[] id = Utils.utf8(refused.getArrival().getDocument().getId());
    byte[] text = Utils.utf8(refused.getArrival().getDocument().getText());
    Object letter =
        DeadLetters.of(sourceTopic, refused.getPartition(), refused.getOffset(), cause, id, text);
    forward(refused.getArrival(), letter, refused, EncodeTopology.TO_DEAD_LETTERS);
  }
}

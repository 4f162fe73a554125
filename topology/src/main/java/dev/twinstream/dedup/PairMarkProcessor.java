package dev.twinstream.dedup;

import dev.twinstream.dedup.InputParsers.PairMarkParser;
import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.PairMarked;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Takes what users say of pairs to both documents; a bad record becomes a dead letter. */
final class PairMarkProcessor implements Processor<byte[], byte[], String, Object> {
  private final PairMarkParser parser;
  private ProcessorContext<String, Object> context;
  private Sensor deadLetters;

  PairMarkProcessor(PairMarkParser parser) {
    this.parser = parser;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    this.deadLetters = Counters.counter(context, "dead-letters", "marks that were refused");
  }

  @Override
  public void process(Record<byte[], byte[]> input) {
    PairMark mark;
    try {
      mark = parser.parse(context.recordMetadata().orElseThrow().topic(), input.value());
      DocumentRules.checkId(mark.getA());
      DocumentRules.checkId(mark.getB());
      if (mark.getA().equals(mark.getB())) {
        throw new IllegalArgumentException(
            "the mark names " + mark.getA() + " twice; two documents are wanted");
      }
    } catch (RuntimeException e) {
      DeadLetters.rethrowIfRecordIsNotAtFault(e);
      deadLetters.record();
      context.forward(
          DeadLetters.of(context.recordMetadata(), e, input),
          DedupTopology.TO_DEAD_LETTERS + DedupTopology.FROM_MARKS);
      return;
    }
    tell(mark.getA(), mark.getB(), mark, input.timestamp());
    tell(mark.getB(), mark.getA(), mark, input.timestamp());
  }

  private void tell(String id, String other, PairMark mark, long timestamp) {
    context.forward(
        new Record<>(id, new DocumentMessage(new PairMarked(other, mark.getMark())), timestamp),
        DedupTopology.TO_DOCUMENTS + DedupTopology.FROM_MARKS);
  }
}

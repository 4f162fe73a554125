package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Parses documents and re-keys them by id; a bad one becomes a dead letter. */
final class IngestProcessor implements Processor<byte[], byte[], String, Object> {
  private final DocumentParser parser;
  private final int maxRecordBytes;
  private final boolean questions;
  private final String name;
  private ProcessorContext<String, Object> context;
  private Sensor deadLetters;

  /**
   * @param questions whether the texts are looked up and not stored
   * @param name the end of the names of this processor's sinks
   */
  IngestProcessor(DocumentParser parser, int maxRecordBytes, boolean questions, String name) {
    this.parser = parser;
    this.maxRecordBytes = maxRecordBytes;
    this.questions = questions;
    this.name = name;
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    this.context = context;
    this.deadLetters = Counters.counter(context, "dead-letters", "documents that were refused");
  }

  @Override
  public void process(Record<byte[], byte[]> input) {
    Document document;
    try {
      document = parser.parse(topic(), input.key(), input.value());
      if ("".equals(document.getScope())) {
        document.setScope(null); // as exports write what is not there
      }
      DocumentRules.check(document);
      checkQuestion(document);
      RecordSizes.check(document, maxRecordBytes);
    } catch (RuntimeException e) {
      DeadLetters.rethrowIfRecordIsNotAtFault(e);
      deadLetters.record();
      context.forward(
          DeadLetters.of(context.recordMetadata(), e, input), DedupTopology.TO_DEAD_LETTERS + name);
      return;
    }
    context.forward(
        new Record<>(
            document.getId(),
            new Arrival(input.timestamp(), document, null, questions, null),
            input.timestamp()),
        DedupTopology.TO_DOCUMENTS_BY_ID + name);
  }

  private String topic() {
    return context.recordMetadata().map(m -> m.topic()).orElse("documents");
  }

  private void checkQuestion(Document document) {
    if (questions && document.getDeleted()) {
      throw new IllegalArgumentException(
          "the record has no text to look up; deletes go to the documents' topic");
    }
  }
}

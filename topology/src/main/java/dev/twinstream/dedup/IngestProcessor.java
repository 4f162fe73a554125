package dev.twinstream.dedup;

import dev.twinstream.metrics.Counters;
import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Parses documents and re-keys them by id; a bad one becomes a dead letter. */
final class IngestProcessor implements Processor<byte[], byte[], String, Object> {
  private static final int MAX_ID_BYTES = 1024;

  private final DocumentParser parser;
  private final int maxRecordBytes;
  private ProcessorContext<String, Object> context;
  private Sensor deadLetters;

  IngestProcessor(DocumentParser parser, int maxRecordBytes) {
    this.parser = parser;
    this.maxRecordBytes = maxRecordBytes;
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
      check(document, input.value());
    } catch (RuntimeException e) {
      deadLetters.record();
      DeadLetter letter = DeadLetters.of(context.recordMetadata(), e, input.key(), input.value());
      context.forward(
          new Record<>(letter.getSourceTopic(), letter, input.timestamp()),
          DedupTopology.TO_DEAD_LETTERS);
      return;
    }
    context.forward(
        new Record<>(
            document.getId(), new Arrival(input.timestamp(), document, null), input.timestamp()),
        DedupTopology.TO_DOCUMENTS_BY_ID);
  }

  private String topic() {
    return context.recordMetadata().map(m -> m.topic()).orElse("documents");
  }

  /** A record over the topic's limit would stop the application, so sizes are checked here. */
  private void check(Document document, byte[] value) {
    if (document.getId().isEmpty()) {
      throw new IllegalArgumentException("the document has no id; give it one");
    }
    int idBytes = Utils.utf8(document.getId()).length;
    if (idBytes > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          "the id has " + idBytes + " bytes; at most " + MAX_ID_BYTES + " are taken");
    }
    if (document.getText() == null && !document.getDeleted()) {
      throw new IllegalArgumentException("the document has neither a text nor deleted=true");
    }
    int size = (value == null ? 0 : value.length) + idBytes;
    if (size > maxRecordBytes) {
      throw new IllegalArgumentException(
          "the document has "
              + size
              + " bytes; the internal topics take "
              + maxRecordBytes
              + ": raise max.message.bytes of the topics, or shorten the document");
    }
  }
}

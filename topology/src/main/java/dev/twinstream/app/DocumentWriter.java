package dev.twinstream.app;

import dev.twinstream.app.io.JsonDocument;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/** Documents as record values in the formats of {@code documents.format}. */
@FunctionalInterface
interface DocumentWriter {
  /**
   * The record's value; its key is the id.
   *
   * @return null for a tombstone
   * @throws IllegalArgumentException where the format cannot carry what the document has
   */
  byte[] value(String topic, Document document);

  static DocumentWriter of(String format, Map<String, ?> registryConfig) {
    return switch (format) {
      case "json" ->
          (topic, document) -> JsonDocument.write(document).getBytes(StandardCharsets.UTF_8);
      case "string" -> (topic, document) -> text(document);
      case "avro" -> {
        Serde<Document> serde = AvroSerdes.ofValues(Document.class, registryConfig);
        yield serde.serializer()::serialize;
      }
      default -> throw new IllegalArgumentException("unknown documents.format " + format);
    };
  }

  private static byte[] text(Document document) {
    if (document.getDeleted()) {
      return null;
    }
    if (document.getScope() != null || document.getPublishedAt() != null) {
      throw new IllegalArgumentException(
          "the document has "
              + (document.getScope() != null ? "a scope" : "published_at")
              + ", which documents.format=string cannot carry: set json or avro");
    }
    return document.getText().getBytes(StandardCharsets.UTF_8);
  }
}

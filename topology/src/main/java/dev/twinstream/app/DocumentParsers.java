package dev.twinstream.app;

import dev.twinstream.app.io.JsonDocument;
import dev.twinstream.dedup.DocumentParser;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/** The formats of {@code documents.format}. */
final class DocumentParsers {
  private DocumentParsers() {}

  static DocumentParser of(String format, Map<String, ?> registryConfig) {
    return switch (format) {
      case "json" -> (topic, key, value) -> json(key, present(value));
      case "string" ->
          (topic, key, value) ->
              value == null
                  ? deleted(utf8("key", key))
                  : new Document(utf8("key", key), utf8("value", value), null, null, false);
      case "avro" -> {
        Serde<Document> serde = AvroSerdes.ofValues(Document.class, registryConfig);
        yield (topic, key, value) ->
            value == null
                ? deleted(utf8("key", key))
                : serde.deserializer().deserialize(topic, value);
      }
      default -> throw new IllegalArgumentException("unknown documents.format " + format);
    };
  }

  private static Document deleted(String id) {
    return new Document(id, null, null, null, true);
  }

  /** A tombstone has no value: its JSON stands in for it, and the id comes from the key. */
  private static byte[] present(byte[] value) {
    return value == null ? "{\"deleted\":true}".getBytes(StandardCharsets.UTF_8) : value;
  }

  private static Document json(byte[] key, byte[] value) {
    return JsonDocument.parse(utf8("value", value), key == null ? null : utf8("key", key));
  }

  private static String utf8(String what, byte[] bytes) {
    if (bytes == null) {
      throw new SerializationException("the record has no " + what);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new SerializationException("the " + what + " is not UTF-8: " + e.getMessage());
    }
  }
}

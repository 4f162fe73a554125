package dev.twinstream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.dedup.DocumentParser;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;

/** The formats of {@code documents.format}. */
final class DocumentParsers {
  private static final ObjectMapper JSON = new ObjectMapper();

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
        RegistryAvroSerde<Document> serde = new RegistryAvroSerde<>(Document.class);
        serde.configure(registryConfig, false);
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
    JsonNode row;
    try {
      row = JSON.readTree(utf8("value", value));
    } catch (JsonProcessingException e) {
      throw new SerializationException("the value is not JSON: " + e.getOriginalMessage());
    }
    if (row == null || !row.isObject()) {
      throw new SerializationException(
          "the value is no JSON object but " + (row == null ? "empty" : row.getNodeType()));
    }
    JsonNode id = row.get("id");
    boolean hasId = id != null && (id.isTextual() || id.isIntegralNumber());
    if (!hasId && key == null) {
      throw new SerializationException("the document has neither an id nor a record key");
    }
    return new Document(
        hasId ? id.asText() : utf8("key", key),
        optionalText(row, "text"),
        time(row.get("published_at")),
        optionalText(row, "scope"),
        row.path("deleted").asBoolean(false));
  }

  private static String optionalText(JsonNode row, String field) {
    JsonNode node = row.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw new SerializationException(field + " is " + node.getNodeType() + "; wanted a string");
    }
    return node.textValue();
  }

  private static Long time(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    try {
      return Instant.parse(node.asText()).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new SerializationException(
          "published_at is "
              + node
              + "; wanted milliseconds since 1970 or a date like 2026-11-24T12:00:00Z");
    }
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

package dev.twinstream.app.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Reads a JSON row {@code {id, text, published_at, scope, deleted}}. */
public final class RowParser {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private RowParser() {}

  /**
   * @throws IllegalArgumentException where the row is no document; the message says why
   */
  public static InputDocument parse(String row, String file, long line) {
    JsonNode node;
    try {
      node = JSON.readTree(row);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("is a JSON " + node.getNodeType() + ", not an object");
    }
    boolean deleted = node.path("deleted").asBoolean(false);
    String text = text(node, "text");
    if (text == null && !deleted) {
      throw new IllegalArgumentException("has neither a text nor deleted=true");
    }
    return new InputDocument(
        id(node), text, time(node.get("published_at")), text(node, "scope"), deleted, file, line);
  }

  private static String id(JsonNode node) {
    JsonNode id = node.get("id");
    if (id == null || !(id.isTextual() || id.isIntegralNumber()) || id.asText().isEmpty()) {
      throw new IllegalArgumentException("has no id (a string or a whole number)");
    }
    return id.asText();
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "has a " + field + " that is a " + value.getNodeType() + ", not a string");
    }
    return value.textValue();
  }

  private static Long time(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    String text = node.asText();
    try {
      Instant instant =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      return instant.toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "has published_at "
              + node
              + "; wanted milliseconds since 1970, 2026-11-24 or 2026-11-24T12:00:00Z",
          e);
    }
  }
}

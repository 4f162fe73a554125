package dev.twinstream.app.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twinstream.dedup.DocumentRules;
import dev.twinstream.model.UnicodeText;
import dev.twinstream.schemas.Document;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** A document as a JSON object: {@code {id, text, published_at, scope, deleted}}. */
public final class JsonDocument {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonDocument() {}

  /**
   * Parses a document. Lone surrogates in its text become U+FFFD.
   *
   * @param keyOrNull the id where the object has none
   * @throws IllegalArgumentException where it is no document; the message says why
   */
  public static Document parse(String json, String keyOrNull) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (MismatchedInputException e) {
      // Of a tree, nothing but what stands behind it can mismatch.
      throw new IllegalArgumentException(
          "more stands behind the JSON value; wanted one document a row", e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException(
          "no JSON object but " + (node.isMissingNode() ? "empty" : "a " + node.getNodeType()));
    }
    boolean deleted = deleted(node.get("deleted"));
    String text = text(node, "text");
    Document document =
        new Document(
            id(node, keyOrNull),
            text == null ? null : UnicodeText.withoutLoneSurrogates(text),
            time(node.get("published_at")),
            text(node, "scope"),
            deleted);
    DocumentRules.check(document);
    return document;
  }

  /** The document as one line that {@link #parse} reads back; fields that are null are left out. */
  public static String write(Document document) {
    ObjectNode node = JSON.createObjectNode().put("id", document.getId());
    if (document.getText() != null) {
      node.put("text", document.getText());
    }
    if (document.getPublishedAt() != null) {
      node.put("published_at", document.getPublishedAt());
    }
    if (document.getScope() != null) {
      node.put("scope", document.getScope());
    }
    if (document.getDeleted()) {
      node.put("deleted", true);
    }
    return node.toString();
  }

  private static String id(JsonNode node, String keyOrNull) {
    JsonNode id = node.get("id");
    if (id == null || id.isNull()) {
      if (keyOrNull == null) {
        throw new IllegalArgumentException("the document has neither an id nor a record key");
      }
      return keyOrNull;
    }
    if (!(id.isTextual() || id.isIntegralNumber())) {
      throw new IllegalArgumentException(
          "id is a " + id.getNodeType() + "; wanted a string or a whole number");
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
          field + " is a " + value.getNodeType() + "; wanted a string");
    }
    return value.textValue();
  }

  private static boolean deleted(JsonNode node) {
    if (node == null || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw new IllegalArgumentException(
          "deleted is a " + node.getNodeType() + "; wanted true or false");
    }
    return node.booleanValue();
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
          "published_at is "
              + node
              + "; wanted milliseconds since 1970, 2026-11-24 or 2026-11-24T12:00:00Z",
          e);
    }
  }
}

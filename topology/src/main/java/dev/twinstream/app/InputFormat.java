package dev.twinstream.app;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.twinstream.dedup.DocumentParser;
import dev.twinstream.dedup.InputParsers;
import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/** The input topics in one of the formats of {@code documents.format}; strings have JSON marks. */
record InputFormat(DocumentParser documents, PairMarkParser pairMarks) implements InputParsers {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static InputFormat of(String format, Map<String, ?> registryConfig) {
    DocumentParser documents = DocumentParsers.of(format, registryConfig);
    if (!format.equals("avro")) {
      return new InputFormat(documents, (topic, value) -> json(value));
    }
    Serde<PairMark> serde = AvroSerdes.ofValues(PairMark.class, registryConfig);
    return new InputFormat(
        documents, (topic, value) -> serde.deserializer().deserialize(topic, present(value)));
  }

  private static byte[] present(byte[] value) {
    if (value == null) {
      throw new SerializationException(
          "the record has no value; a mark is taken back by one whose mark is null");
    }
    return value;
  }

  private static PairMark json(byte[] value) {
    JsonNode node;
    try {
      node = JSON.readTree(present(value));
    } catch (MismatchedInputException e) {
      // Of a tree, nothing but what stands behind it can mismatch.
      throw new SerializationException(
          "more stands behind the JSON value; wanted one mark a record", e);
    } catch (IOException e) {
      throw new SerializationException("not JSON: " + e.getMessage(), e);
    }
    return new PairMark(id(node, "a"), id(node, "b"), mark(node.path("mark")));
  }

  /** What {@link dev.twinstream.app.io.JsonDocument} takes for an id. */
  private static String id(JsonNode node, String field) {
    JsonNode id = node.path(field);
    boolean isEmpty = id.isTextual() && id.asText().isEmpty();
    if (id.isMissingNode() || id.isNull() || isEmpty) {
      throw new SerializationException("the mark has no " + field + "; wanted a document's id");
    }
    if (!(id.isTextual() || id.isIntegralNumber())) {
      throw new SerializationException(
          field
              + " is a "
              + id.getNodeType()
              + "; wanted a document's id, a string or whole number");
    }
    return id.asText();
  }

  private static Mark mark(JsonNode mark) {
    if (mark.isMissingNode()) {
      throw new SerializationException(
          "the mark has no field mark; wanted \"twins\", \"not-twins\" or null");
    }
    return switch (mark.asText("null")) {
      case "twins" -> Mark.twins;
      case "not-twins" -> Mark.not_twins;
      case "null" -> null;
      default ->
          throw new SerializationException(
              "mark is " + mark + "; wanted \"twins\", \"not-twins\" or null");
    };
  }
}

package dev.twinstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.junit.jupiter.api.Test;

/**
 * What was written in the last released schemas can be read in those of now. The folder {@code
 * released} holds each as one schema; at a release {@code -Dschemas.release} writes it anew.
 */
class ReleasedSchemasTest {
  private static final Path RELEASED = Path.of("released");

  private static final Map<String, Schema> NOW =
      Stream.of(
              Document.getClassSchema(),
              PairMark.getClassSchema(),
              Verdict.getClassSchema(),
              ClusterMember.getClassSchema(),
              Cluster.getClassSchema(),
              Encoding.getClassSchema(),
              DeadLetter.getClassSchema())
          .collect(Collectors.toMap(Schema::getName, Function.identity()));

  /** One line a change that the registry would refuse under BACKWARD. */
  private static List<String> incompatibilities(Schema now, Schema released) {
    return SchemaCompatibility.checkReaderWriterCompatibility(now, released)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(found -> released.getName() + describe(found))
        .toList();
  }

  private static String describe(Incompatibility found) {
    return found.getLocation() + ": " + found.getType() + ": " + found.getMessage();
  }

  private static Schema parse(String text) {
    return new Schema.Parser().parse(text);
  }

  @Test
  void shouldReadWhatWasWrittenInTheLastRelease() throws IOException {
    if (System.getProperty("schemas.release") != null) {
      for (Schema schema : NOW.values()) {
        Files.writeString(
            RELEASED.resolve(schema.getName() + ".avsc"), schema.toString(true) + "\n");
      }
    }
    try (Stream<Path> files = Files.list(RELEASED)) {
      List<Path> released = files.filter(file -> file.toString().endsWith(".avsc")).toList();
      assertThat(released).isNotEmpty();
      for (Path file : released) {
        Schema schema = parse(Files.readString(file));
        assertThat(NOW).as("%s was released and may not go", file).containsKey(schema.getName());
        assertThat(incompatibilities(NOW.get(schema.getName()), schema)).as("%s", file).isEmpty();
      }
    }
  }

  @Test
  void shouldRefuseChangesThatCannotBeRead() {
    String document = Document.getClassSchema().toString();
    assertThat(incompatibilities(parse(document.replace("\"id\"", "\"key\"")), parse(document)))
        .singleElement()
        .asString()
        .contains("Document/fields/0", "READER_FIELD_MISSING_DEFAULT_VALUE", "key");
    String verdict = Verdict.getClassSchema().toString();
    assertThat(
            incompatibilities(
                parse(verdict.replace("\"contained\"", "\"inside\"")), parse(verdict)))
        .singleElement()
        .asString()
        .contains("MISSING_ENUM_SYMBOLS", "contained");
    assertThat(
            incompatibilities(
                parse(
                    document.replace(
                        "\"fields\":[",
                        "\"fields\":[{\"name\":\"n\",\"type\":\"int\",\"default\":0},")),
                parse(document)))
        .as("a field with a default may come")
        .isEmpty();
  }
}

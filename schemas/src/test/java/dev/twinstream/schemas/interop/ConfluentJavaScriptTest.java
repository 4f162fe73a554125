package dev.twinstream.schemas.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.PairMark;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Confluent's JavaScript client reads what we write and writes what we read. */
@ExtendWith(SharedRegistry.class)
class ConfluentJavaScriptTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SOURCE = Path.of("src", "test", "js");
  private static final Path FOLDER = Path.of("target", "js");

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      files.filter(Files::isRegularFile).forEach(ConfluentJavaScriptTest::copy);
    }
    Path done = FOLDER.resolve("installed");
    Path lock = SOURCE.resolve("package-lock.json");
    if (!Files.exists(done) || Files.mismatch(done, lock) >= 0) {
      run("", "npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund");
      Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copy(Path file) {
    try {
      Path to = FOLDER.resolve(SOURCE.relativize(file));
      Files.createDirectories(to.getParent());
      Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the program prints. */
  private static String run(String input, String... command)
      throws IOException, InterruptedException {
    Path errors = FOLDER.resolve("errors.log");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(FOLDER.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new IOException(
          "this test needs Node.js 18 or newer and npm (on Debian: apt-get install nodejs npm);"
              + " ./twinstream test installs them",
          e);
    }
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as("%s: %s", List.of(command), Files.readString(errors))
        .isZero();
    return output;
  }

  private static JsonNode talk(ApicurioRegistry registry, List<?> read, List<?> write)
      throws IOException, InterruptedException {
    Map<String, Object> request = Map.of("url", registry.url(), "read", read, "write", write);
    return JSON.readTree(run(JSON.writeValueAsString(request), "node", "interop.mjs"));
  }

  @Test
  void shouldBeReadByIt(ApicurioRegistry registry) throws Exception {
    List<Map<String, String>> read = new ArrayList<>();
    for (SpecificRecord record : Records.ALL) {
      String topic = "to-js-" + record.getClass().getSimpleName();
      byte[] bytes = write(registry, topic, record);
      read.add(Map.of("topic", topic, "bytes", Base64.getEncoder().encodeToString(bytes)));
    }
    JsonNode found = talk(registry, read, List.of()).path("read");

    assertThat(found.get(0).path("text").asText()).isEqualTo(Records.DOCUMENT.getText());
    assertThat(found.get(0).path("published_at").asLong()).isEqualTo(-5);
    assertThat(found.get(0).path("scope").isNull()).isTrue();
    assertThat(found.get(1).path("mark").asText()).isEqualTo("not_twins");
    assertThat(found.get(2).path("verdict").asText()).isEqualTo("near");
    assertThat(found.get(2).path("probability").asDouble()).isEqualTo(0.75);
    assertThat(found.get(2).path("keys").toString()).isEqualTo("[3,-1099511627776]");
    assertThat(found.get(3).path("encoding").toString()).isEqualTo("[0.5,-0.25]");
    assertThat(found.get(4).path("source_offset").asLong()).isEqualTo(1L << 33);
    assertThat(found.get(4).path("original").path("data").toString()).isEqualTo("[0,127,128]");
  }

  private static <T extends SpecificRecord> byte[] write(
      ApicurioRegistry registry, String topic, T record) {
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) record.getClass();
    RegistryAvroSerde<T> serde = new RegistryAvroSerde<>(type);
    serde.configure(registry.config(), false);
    return serde.serializer().serialize(topic, record);
  }

  @Test
  void shouldReadWhatItWrites(ApicurioRegistry registry) throws Exception {
    Map<String, Object> document =
        Map.of("id", "a", "text", Records.DOCUMENT.getText(), "published_at", -5, "deleted", false);
    Map<String, Object> mark = Map.of("a", "a", "b", "b", "mark", "not_twins");
    JsonNode written =
        talk(
                registry,
                List.of(),
                List.of(
                    Map.of(
                        "topic",
                        "from-js-documents",
                        "schema",
                        Document.getClassSchema().toString(),
                        "value",
                        document),
                    Map.of(
                        "topic",
                        "from-js-marks",
                        "schema",
                        PairMark.getClassSchema().toString(),
                        "value",
                        mark)))
            .path("write");

    assertThat(read(registry, Document.class, written.get(0))).isEqualTo(Records.DOCUMENT);
    assertThat(read(registry, PairMark.class, written.get(1))).isEqualTo(Records.MARK);
  }

  private static <T extends SpecificRecord> T read(
      ApicurioRegistry registry, Class<T> type, JsonNode base64) {
    RegistryAvroSerde<T> serde = new RegistryAvroSerde<>(type);
    serde.configure(registry.config(), false);
    return serde.deserializer().deserialize("any", Base64.getDecoder().decode(base64.asText()));
  }
}

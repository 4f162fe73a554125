package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are looked up and not stored, with the encoder, on a real broker. */
class CheckCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static String row(String id, String text) throws IOException {
    return JSON.writeValueAsString(Map.of("id", id, "text", text));
  }

  /** One line a row: id, verdict, twin. */
  private List<String> check(int status, Path config, String... more) throws IOException {
    Path output = folder.resolve("out.jsonl");
    List<String> arguments =
        new ArrayList<>(List.of("--config", config.toString(), "--output", output.toString()));
    arguments.addAll(List.of(more));
    assertThat(Cluster.execute(new CheckCommand(), arguments.toArray(new String[0])))
        .isEqualTo(status);
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      JsonNode row = JSON.readTree(line);
      assertThat(row.fieldNames())
          .toIterable()
          .containsExactly(
              "id", "verdict", "duplicateOf", "probability", "jaccard", "containment", "cosine");
      boolean unique = row.get("verdict").asText().equals("unique");
      assertThat(row.get("cosine").isNull()).as(line).isEqualTo(unique);
      rows.add(
          String.join(
              " ",
              row.get("id").asText(),
              row.get("verdict").asText(),
              row.get("duplicateOf").asText()));
    }
    return rows;
  }

  @Test
  void shouldLookUpDocumentsAndStoreNothing() throws Exception {
    Random random = new Random(11);
    String text = Texts.random(random, 200);
    String near = Texts.withLastWordsChanged(text, 8, random);
    String other = Texts.random(random, 200);
    Path rows =
        Files.write(
            folder.resolve("rows.jsonl"),
            List.of(
                row("copy", text),
                row("variant", near),
                row("news", other),
                "{\"id\":\"gone\",\"deleted\":true}",
                row("empty", "")));
    String input = rows.toString();
    String dated = Texts.random(random, 200);
    Path dates =
        Files.write(
            folder.resolve("dates.jsonl"),
            List.of(
                JSON.writeValueAsString(Map.of("id", "a", "text", dated, "published_at", 1000)),
                JSON.writeValueAsString(Map.of("id", "z", "text", dated, "published_at", 1000))));
    try (Cluster cluster = new Cluster(folder)) {
      Path config = cluster.config("checked", Map.of(TwinstreamConfig.BUNDLE, Texts.FAST_MODEL));
      assertThat(Cluster.failure(new CheckCommand(), "--config", config.toString(), "--text", "x"))
          .contains("there is no topic checks");
      Path full = Files.writeString(folder.resolve("full.jsonl"), "rows");
      Cluster.failure(
          new CheckCommand(),
          "--config",
          config.toString(),
          "--input",
          folder.resolve("none.jsonl").toString(),
          "--output",
          full.toString());
      assertThat(full).as("an input that is not there").hasContent("rows");
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        Cluster.send(config, new Document("first", text, null, null, false));
        Cluster.settle(config, runner);
        List<String> known =
            List.of(
                "copy exact first", "variant near first", "news unique null", "empty unique null");
        assertThat(check(3, config, "--input", input, "--strict")).isEqualTo(known);
        assertThat(check(0, config, "--input", input))
            .as("a second check finds the documents, not the first check")
            .isEqualTo(known);
        assertThat(check(0, config, "--text", near)).containsExactly("text near first");

        Path stranger =
            cluster.config(
                "stranger", Map.of(TwinstreamConfig.SCHEMA_REGISTRY_URL, "mock://elsewhere"));
        assertThat(
                Cluster.failure(
                    new CheckCommand(), "--config", stranger.toString(), "--text", near))
            .contains("schema.registry.url must name the registry of the application");

        Cluster.send(config, new Document("dated", dated, 1000L, null, false));
        Cluster.settle(config, runner);
        assertThat(check(0, config, "--input", dates.toString()))
            .as("of one time, the row's id decides which comes first")
            .containsExactly("a unique null", "z exact dated");

        sendQuestion(config, "tombstone", null);
        Cluster.send(config, new Document("later", other, null, null, false));
        Cluster.settle(config, runner);
        assertThat(Cluster.verdicts(config, 0))
            .isEqualTo(
                Map.of("dated", "unique null", "first", "unique null", "later", "unique null"));
        assertThat(check(0, config, "--text", other)).containsExactly("text exact later");
        assertThat(keys(config, "encodings")).containsExactlyInAnyOrder("dated", "first", "later");
        assertThat(keys(config, "cluster-members"))
            .containsExactlyInAnyOrder("dated", "first", "later");
        assertThat(keys(config, "checked-in-dlq"))
            .as("a question without a text is refused")
            .containsExactly("checks");
      }
      assertThat(
              Cluster.failure(
                  new CheckCommand(),
                  "--config",
                  config.toString(),
                  "--text",
                  text,
                  "--timeout",
                  "1"))
          .contains("1 of 1 texts have no answer")
          .contains("./twinstream run");
    }
  }

  private static void sendQuestion(Path config, String id, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new ClusterClients(Cluster.read(config)).producer(Map.of())) {
      producer.send(new ProducerRecord<>("checks", id.getBytes(UTF_8), value)).get();
    }
  }

  private static List<String> keys(Path config, String topic) throws IOException {
    List<String> keys = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : Cluster.records(config, topic)) {
      keys.add(new String(record.key(), UTF_8));
    }
    return keys;
  }
}

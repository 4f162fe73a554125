package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.app.LoadCheckpoint.Place;
import dev.twinstream.app.io.ProgressBar;
import dev.twinstream.dedup.DocumentParser;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as users type it, on a real broker. */
class LoadCommandTest {
  private static final int LIMIT = 200_000;

  @TempDir static Path shared;
  private static Cluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    cluster = new Cluster(shared);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static String row(String id, String more) {
    return "{\"id\":\"" + id + "\"" + more + "}";
  }

  private static List<Document> documents(Path config, String topic) throws IOException {
    TwinstreamConfig options = Cluster.read(config);
    DocumentParser parser =
        DocumentParsers.of(
            options.getString(TwinstreamConfig.DOCUMENTS_FORMAT), options.registry());
    List<Document> documents = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : Cluster.records(config, topic)) {
      Document document = parser.parse(topic, record.key(), record.value());
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(document.getId());
      documents.add(document);
    }
    return documents;
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "avro"})
  void shouldFillTheTopicWithWhatTheInputHasAndNameTheRest(String format) throws Exception {
    String topic = "all-" + format + "-in";
    cluster.createTopic(topic, 3, Map.of("max.message.bytes", Integer.toString(LIMIT)));
    Path config = cluster.config("all-" + format, Map.of("documents.format", format));
    Path rows =
        Files.write(
            folder.resolve("rows.jsonl"),
            List.of(
                row("a", ",\"text\":\"one\",\"published_at\":\"1954-01-01\",\"scope\":\"s\""),
                "nonsense",
                row("big", ",\"text\":\"" + "word ".repeat(LIMIT / 5) + "\""),
                row("\u00e9\\u0000", ",\"text\":\"two \\\"three\\\" \\ud83d\\ude00\""),
                row("gone", ",\"deleted\":true")));
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("b.txt"), "a text file\nof two lines");
    String[] command = {
      "--config",
      config.toString(),
      "--input",
      rows.toString(),
      texts.toString(),
      "--yes",
      "--strict"
    };
    assertThat(Cluster.execute(new LoadCommand(), command)).isEqualTo(3);
    assertThat(documents(config, topic))
        .containsExactlyInAnyOrder(
            new Document("a", "one", -504_921_600_000L, "s", false),
            new Document("\u00e9\u0000", "two \"three\" \ud83d\ude00", null, null, false),
            new Document("gone", null, null, null, true),
            new Document("b.txt", "a text file\nof two lines", null, null, false));

    Files.writeString(texts.resolve("c.txt"), "one more");
    assertThat(Cluster.execute(new LoadCommand(), command)).as("only what is new").isZero();
    assertThat(documents(config, topic))
        .hasSize(5)
        .contains(new Document("c.txt", "one more", null, null, false));

    Files.writeString(texts.resolve("a.txt"), "one before");
    assertThat(Cluster.failure(new LoadCommand(), command)).contains("are not those");
    assertThat(documents(config, topic)).hasSize(5);
  }

  @Test
  void shouldSendTextsAloneWhereTheFormatSaysSo() throws Exception {
    Path config = cluster.config("texts", Map.of("documents.format", "string"));
    Path rows =
        Files.write(
            folder.resolve("rows.jsonl"),
            List.of(
                row("a", ",\"text\":\"one\""),
                row("b", ",\"text\":\"two\",\"scope\":\"s\""),
                row("c", ",\"text\":\"two\",\"published_at\":1"),
                row("gone", ",\"deleted\":true")));
    assertThat(
            Cluster.execute(
                new LoadCommand(),
                "--config",
                config.toString(),
                "--yes",
                "--strict",
                "--input",
                rows.toString()))
        .as("a scope and a time cannot be carried")
        .isEqualTo(3);
    assertThat(documents(config, "texts-in"))
        .containsExactlyInAnyOrder(
            new Document("a", "one", null, null, false),
            new Document("gone", null, null, null, true));
  }

  @Test
  void shouldLoseNothingAndDoubleOnlyWhatCameAfterTheCheckpoint() throws Exception {
    int count = 1_000;
    int crashAt = 350;
    int everyDocuments = 100;
    Path config = cluster.config("resumed", Map.of());
    cluster.createTopic("resumed-in", 2, Map.of());
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(String.format("d%04d", i), ",\"text\":\"text " + i + "\""));
    }
    Path input = Files.write(folder.resolve("rows.jsonl"), rows);
    Path checkpoint = folder.resolve("checkpoint");
    DocumentWriter json = DocumentWriter.of("json", Map.of());
    AtomicInteger written = new AtomicInteger();
    DocumentWriter crashing =
        (topic, document) -> {
          if (written.getAndIncrement() == crashAt) {
            throw new IllegalStateException("the power is gone");
          }
          return json.value(topic, document);
        };
    assertThatThrownBy(() -> load(config, input, checkpoint, crashing, everyDocuments))
        .hasMessage("the power is gone");
    load(config, input, checkpoint, json, everyDocuments);

    Map<String, Integer> times = new TreeMap<>();
    documents(config, "resumed-in").forEach(d -> times.merge(d.getId(), 1, Integer::sum));
    assertThat(times).hasSize(count);
    int last = crashAt / everyDocuments * everyDocuments;
    times.forEach(
        (id, n) -> {
          int number = Integer.parseInt(id.substring(1));
          assertThat(n).as(id).isEqualTo(number >= last && number < crashAt ? 2 : 1);
        });
  }

  private static void load(
      Path config, Path input, Path checkpoint, DocumentWriter writer, int everyDocuments)
      throws IOException {
    try (KafkaProducer<byte[], byte[]> producer =
            new ClusterClients(Cluster.read(config)).producer(Map.of());
        ProgressBar bar = new ProgressBar("documents")) {
      new CorpusLoader(
              producer,
              "resumed-in",
              writer,
              LIMIT,
              LoadCheckpoint.open(checkpoint, "here"),
              everyDocuments,
              1_000,
              new BadRows(),
              bar)
          .load(input.toString());
    }
  }

  @Test
  void shouldKeepTheOrderOfRowsAlsoOverTwoLoads() throws Exception {
    Path config = cluster.config("ordered", Map.of());
    cluster.createTopic("ordered-in", 2, Map.of());
    Path input = folder.resolve("rows.jsonl");
    String[] command = {"--config", config.toString(), "--yes", "--input", input.toString()};
    long now = System.currentTimeMillis();
    for (int rows : new int[] {2_000, 3_000}) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        lines.add(row("d" + (9_999 - i), ",\"text\":\"text " + i + "\""));
      }
      Files.write(input, lines);
      assertThat(Cluster.execute(new LoadCommand(), command)).isZero();
    }
    List<ConsumerRecord<byte[], byte[]>> records =
        new ArrayList<>(Cluster.records(config, "ordered-in"));
    records.sort(Comparator.comparing(record -> new String(record.key(), StandardCharsets.UTF_8)));
    assertThat(records).hasSize(3_000);
    for (int i = 1; i < records.size(); i++) {
      assertThat(records.get(i).timestamp()).isLessThan(records.get(i - 1).timestamp());
    }
    assertThat(records.get(records.size() - 1).timestamp()).isLessThan(now);

    Files.writeString(
        folder.resolve("dated.jsonl"), row("z", ",\"text\":\"t\",\"published_at\":1"));
    command[4] = folder.resolve("dated.jsonl").toString();
    assertThat(Cluster.execute(new LoadCommand(), command)).isZero();
    assertThat(Cluster.records(config, "ordered-in"))
        .as("what is too far ahead is told from now")
        .filteredOn(record -> record.key()[0] == 'z')
        .allSatisfy(record -> assertThat(record.timestamp()).isGreaterThanOrEqualTo(now))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {",\"published_at\":\"2025-01-02\"", ",\"scope\":\"s\"", ",\"text\":\"c\""})
  void shouldRefuseAnInputOfWhichARowHasChanged(String change) throws Exception {
    String name = "changed" + Math.abs(change.hashCode());
    Path config = cluster.config(name, Map.of());
    Path input = folder.resolve("rows.jsonl");
    String[] command = {"--config", config.toString(), "--yes", "--input", input.toString()};
    Files.writeString(input, row("a", ",\"text\":\"b\""));
    assertThat(Cluster.execute(new LoadCommand(), command)).isZero();
    String more = change.contains("text") ? change : ",\"text\":\"b\"" + change;
    Files.writeString(input, row("a", more));
    assertThat(Cluster.failure(new LoadCommand(), command)).contains("are not those");
  }

  @Test
  void shouldSendNothingUnasked() throws Exception {
    Path config = cluster.config("unasked", Map.of());
    Path input = Files.writeString(folder.resolve("one.jsonl"), row("a", ",\"text\":\"b\""));
    String[] command = {"--config", config.toString(), "--input", input.toString()};
    assertThat(Cluster.failure(new LoadCommand(), command)).contains("add --yes");
    assertThatThrownBy(() -> Cluster.records(config, "unasked-in"))
        .hasMessageContaining("there is no topic unasked-in");
  }

  @Test
  void shouldRefuseACheckpointOfAnotherTargetAndAnInputThatHasChanged() throws Exception {
    Path file = folder.resolve("checkpoint");
    Path input = Files.writeString(folder.resolve("one.jsonl"), row("a", ",\"text\":\"b\""));
    LoadCheckpoint.open(file, "topic a").save(input.toString(), new Place(2, 7), 3);
    assertThatThrownBy(() -> LoadCheckpoint.open(file, "topic b"))
        .hasMessageContaining("is the checkpoint of topic a, this load goes to topic b");
    assertThat(LoadCheckpoint.open(file, "topic a").loaded(input.toString()))
        .isEqualTo(new Place(2, 7));
    assertThat(LoadCheckpoint.open(file, "topic a").time()).isEqualTo(3);
    Path config = cluster.config("shrunk", Map.of());
    LoadCheckpoint.open(folder.resolve("other"), "here").save(input.toString(), new Place(2, 7), 3);
    assertThatThrownBy(
            () -> load(config, input, folder.resolve("other"), (topic, document) -> null, 1))
        .hasMessageContaining(
            "the first 2 documents of " + input + " are not those that were loaded");
    Files.writeString(input, "\n" + row("b", ",\"text\":\"c\""), StandardOpenOption.APPEND);
    assertThatThrownBy(
            () -> load(config, input, folder.resolve("other"), (topic, document) -> null, 1))
        .hasMessageContaining("the first 2 documents of " + input + " are not those");
    Files.writeString(file, Files.readString(file).replace("\"version\":2", "\"version\":1"));
    assertThatThrownBy(() -> LoadCheckpoint.open(file, "topic a"))
        .hasMessageContaining("is a checkpoint of another version of load");
    Files.writeString(file, "[");
    assertThatThrownBy(() -> LoadCheckpoint.open(file, "topic a"))
        .hasMessageContaining("is no checkpoint of load");
  }
}

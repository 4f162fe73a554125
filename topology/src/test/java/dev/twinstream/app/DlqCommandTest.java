package dev.twinstream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.DeadLetterReplay.Refused;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Documents refused for a wrong option, replayed once it is right, on a real broker. */
class DlqCommandTest {
  @TempDir Path folder;

  private record Printed(String out, String err) {}

  private static Printed dlq(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new DlqCommand());
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(arguments)).as(err.toString()).isZero();
    return new Printed(out.toString(), err.toString());
  }

  private static void send(Path config, String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new ClusterClients(Cluster.read(config)).producer(Map.of())) {
      List<Header> headers =
          List.of(new RecordHeader("trace", value.substring(0, 1).getBytes(UTF_8)));
      byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
      producer
          .send(new ProducerRecord<>("refused-in", null, keyBytes, value.getBytes(UTF_8), headers))
          .get();
    }
  }

  /** Runs the application until a topic has so many records. */
  private static void run(Path config, String topic, int records) throws Exception {
    try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
      while (Cluster.records(config, topic).size() < records) {
        runner.rethrow();
        Thread.sleep(100);
      }
    }
  }

  @Test
  void shouldListWhatWasRefusedAndReplayItOnce() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      cluster.createTopic("refused-in", 2, Map.of());
      Path wrong = cluster.config("refused", Map.of("documents.format", "avro"));
      send(wrong, "a", "{\"id\":\"a\",\"text\":\"one two three four\"}");
      send(wrong, null, "{\"id\":\"b\",\"text\":\"five six seven eight\"}");
      send(wrong, "big", "{\"id\":\"big\",\"text\":\"" + "word ".repeat(20_000) + "\"}");
      send(wrong, "short", "x");
      run(wrong, "refused-in-dlq", 4);

      Printed list = dlq("list", "--config", wrong.toString());
      assertThat(list.out().lines()).hasSize(4);
      assertThat(list.out()).containsPattern("refused-in\t[01]\t\\d\t\"a\"\t38\trefused-in: found");
      assertThat(list.err()).contains("4 dead letters").contains("this looks like JSON");
      assertThat(list.err().lines()).as("three of one cause, one of another").hasSize(3);
      assertThat(dlq("list", "--config", wrong.toString(), "--limit", "1").out().lines())
          .hasSize(1);

      Path right = cluster.config("refused", Map.of("documents.format", "json"));
      Printed dry = dlq("replay", "--config", right.toString(), "--cause", "JSON", "--dry-run");
      assertThat(dry.err()).contains("2 would be replayed, 1 cannot be replayed, 0 had been");
      assertThat(Cluster.records(right, "refused-in")).hasSize(4);

      Printed replay = dlq("replay", "--config", right.toString(), "--cause", "JSON");
      assertThat(replay.err()).contains("2 replayed, 1 cannot be replayed, 0 had been");
      assertThat(replay.out()).contains("only the first 65536 of its 100022 bytes are kept");
      List<ConsumerRecord<byte[], byte[]>> input = Cluster.records(right, "refused-in");
      assertThat(input).hasSize(6);
      assertSameKeysHeadersAndPartitions(input);

      run(right, "near-duplicates", 2);
      assertThat(verdicts(right)).containsExactlyInAnyOrder("a unique", "b unique");

      Printed again = dlq("replay", "--config", right.toString());
      assertThat(again.err())
          .as("those left out by --cause are still there")
          .contains("1 replayed, 1 cannot be replayed, 2 had been");
      run(right, "refused-in-dlq", 5);
      assertThat(dlq("replay", "--config", right.toString(), "--dry-run").err())
          .as("refused again under another cause, at another offset")
          .contains("1 would be replayed, 1 cannot be replayed, 3 had been");
      assertThat(Cluster.records(right, "refused-in")).hasSize(7);
    }
  }

  /** Each record that stands twice stands twice in one partition, with one key and its headers. */
  private static void assertSameKeysHeadersAndPartitions(
      List<ConsumerRecord<byte[], byte[]>> records) {
    List<String> seen = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String key = record.key() == null ? "none" : new String(record.key(), UTF_8);
      seen.add(record.partition() + key + record.headers() + new String(record.value(), UTF_8));
      assertThat(record.headers().lastHeader("trace")).isNotNull();
    }
    assertThat(seen.stream().distinct()).hasSize(4);
  }

  private static List<String> verdicts(Path config) throws Exception {
    Topic<String, Verdict> topic =
        new Application(Cluster.read(config), 1 << 20, null).topics().nearDuplicates();
    List<String> verdicts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : Cluster.records(config, topic.name())) {
      Verdict verdict = topic.valueSerde().deserializer().deserialize(topic.name(), record.value());
      verdicts.add(verdict.getId() + " " + verdict.getVerdict());
    }
    return verdicts;
  }

  @Test
  void shouldAbortWhatACrashLeftOpenAndReplayItThen() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      cluster.createTopic("refused-in", 1, Map.of());
      Path wrong = cluster.config("refused", Map.of("documents.format", "avro"));
      send(wrong, "a", "{\"id\":\"a\",\"text\":\"one two three four\"}");
      run(wrong, "refused-in-dlq", 1);
      assertThat(dlq("replay", "--config", wrong.toString(), "--dry-run").err())
          .contains("1 would be replayed");
      cluster.createTopic("refused-dlq-replay", 1, Map.of("cleanup.policy", "compact"));
      KafkaProducer<byte[], byte[]> crashed =
          new ClusterClients(Cluster.read(wrong))
              .producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "refused-dlq-replay"));
      crashed.initTransactions();
      Topic<String, dev.twinstream.schemas.DeadLetter> letters =
          new Application(Cluster.read(wrong), 1 << 20, null).topics().deadLetters();
      byte[] letter = Cluster.records(wrong, letters.name()).get(0).value();
      crashed.beginTransaction();
      new DeadLetterReplay(TopicOptions.of(Cluster.read(wrong)), 1, "refused-dlq-replay")
          .send(
              crashed,
              new Refused(
                  letters.valueSerde().deserializer().deserialize("", letter),
                  new RecordHeaders()));
      crashed.flush();

      Printed replay = dlq("replay", "--config", wrong.toString());
      assertThat(replay.err()).contains("1 replayed, 0 cannot be replayed, 0 had been");
      assertThat(Cluster.records(wrong, "refused-in")).hasSize(2);
      crashed.close(java.time.Duration.ZERO);
    }
  }

  @Test
  void shouldMakeItsNotesWithTheReplicasOfTheConfiguration() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      cluster.createTopic("refused-in", 1, Map.of());
      cluster.createTopic("refused-in-dlq", 1, Map.of());
      Path config = cluster.config("refused", Map.of("replication.factor", "2"));
      assertThat(Cluster.failure(new DlqCommand(), "replay", "--config", config.toString()))
          .startsWith("the broker refused to make the topic refused-dlq-replay ")
          .endsWith("; set replication.factor to what it takes");
    }
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application as users run it, in two processes that are killed in the middle, again and again,
 * while documents come, change and go: what comes out is what brute force says, each revision once.
 */
class KillTest {
  private static final int SCOPES = 20;
  private static final int KILLS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldGiveTheSameWhenKilledInTheMiddle() throws Exception {
    Random random = new Random(20261125);
    List<Document> events = Histories.interleaved(SCOPES, random);
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), Map.of())) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      processes.add(launch(broker, 0));
      processes.add(launch(broker, 1));
      awaitTopics(client);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < events.size(); i++) {
          byte[] key = Utils.utf8(events.get(i).getId());
          producer.send(new ProducerRecord<>("documents", key, json(events.get(i))));
          if (i % (events.size() / (KILLS + 1)) == events.size() / (KILLS + 2)) {
            producer.flush();
            Thread.sleep(1000 + random.nextInt(1500));
            int victim = random.nextInt(2);
            processes.get(victim).destroyForcibly().waitFor();
            processes.set(victim, launch(broker, victim));
          }
        }
      }
      try (Admin admin = Admin.create(client)) {
        awaitIdle(admin, client);
      }
      check(events, client);
    }
  }

  private Process launch(EmbeddedBroker broker, int instance) throws IOException {
    Path config = folder.resolve("instance" + instance + ".properties");
    Files.write(
        config,
        List.of(
            "bootstrap.servers=" + broker.bootstrapServers(),
            "schema.registry.url=mock://kill",
            "internal.partitions=4",
            "num.stream.threads=2",
            "encoder.threads=1",
            "encoder.bundle=" + Texts.FAST_MODEL,
            "session.timeout.ms=6000",
            "producer.max.in.flight.requests.per.connection=1",
            "state.dir=" + folder.resolve("state" + instance)));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx700m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--config",
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("instance" + instance + ".log").toFile())
        .start();
  }

  private static byte[] json(Document document) throws IOException {
    Map<String, Object> row = new HashMap<>();
    row.put("id", document.getId());
    row.put("text", document.getText());
    row.put("published_at", document.getPublishedAt());
    row.put("scope", document.getScope());
    row.put("deleted", document.getDeleted());
    return new ObjectMapper().writeValueAsBytes(row);
  }

  private static void awaitTopics(Map<String, Object> client) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Admin admin = Admin.create(client)) {
      while (!admin.listTopics().names().get().contains("documents-dlq")) {
        assertThat(System.nanoTime()).as("topics were created in time").isLessThan(deadline);
        Thread.sleep(200);
      }
    }
  }

  private void awaitIdle(Admin admin, Map<String, Object> client) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Map<String, List<String>> sources =
        Map.of(
            "twinstream",
            List.of(
                "documents",
                "twinstream-documents-encoded",
                "checks",
                "pair-marks",
                "twinstream-bucket-requests",
                "twinstream-content-messages",
                "twinstream-document-messages",
                "twinstream-cluster-edges"),
            "twinstream-encode",
            List.of("twinstream-documents-by-id"));
    try (KafkaConsumer<byte[], byte[]> probe = reader(client)) {
      Quiescence quiescence =
          new Quiescence(
              admin,
              probe,
              sources,
              List.of("near-duplicates", "cluster-members", "clusters", "encodings"));
      while (!quiescence.look()) {
        for (int i = 0; i < processes.size(); i++) {
          assertThat(processes.get(i).isAlive())
              .as(Files.readString(folder.resolve("instance" + i + ".log")))
              .isTrue();
        }
        assertThat(System.nanoTime()).as("idle in time").isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(300);
      }
    }
  }

  private static void check(List<Document> events, Map<String, Object> client) {
    Map<String, Document> documents = Histories.last(events);
    Map<String, String> twins = BruteForce.twins(documents.values());
    Map<String, Verdict> verdicts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("near-duplicates", client)) {
      Verdict verdict = avro(record.value(), Verdict.class);
      Verdict before = verdicts.put(Utils.utf8(record.key()), verdict);
      if (verdict != null) {
        assertThat(verdict.getRevision()).isEqualTo(before == null ? 1 : before.getRevision() + 1);
      }
    }
    Map<String, Cluster> clusters = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("clusters", client)) {
      clusters.put(Utils.utf8(record.key()), avro(record.value(), Cluster.class));
    }
    Map<String, ClusterMember> members = new HashMap<>();
    Map<String, Long> sizes = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("cluster-members", client)) {
      members.put(Utils.utf8(record.key()), avro(record.value(), ClusterMember.class));
    }
    assertThat(all("documents-dlq", client)).isEmpty();
    assertThat(all("encodings", client).stream().filter(record -> record.value() != null))
        .as("each text encoded once")
        .hasSameSizeAs(events.stream().filter(event -> !event.getDeleted()).toList());
    for (String id : documents.keySet()) {
      Verdict verdict = verdicts.get(id);
      if (documents.get(id).getDeleted()) {
        assertThat(verdict).as("verdict of deleted %s", id).isNull();
        assertThat(members.get(id)).as("cluster of deleted %s", id).isNull();
        continue;
      }
      assertThat(verdict).as("verdict of %s", id).isNotNull();
      assertThat(verdict.getDuplicateOf()).as("twin of %s", id).isEqualTo(twins.get(id));
      String node = members.get(id).getCluster();
      String found = node == null ? id : root(node, clusters).getCanonical();
      assertThat(found).as("cluster of %s", id).isEqualTo(BruteForce.root(id, twins));
      sizes.merge(found, 1L, Long::sum);
      assertThat(verdict.getCosine() != null).isEqualTo(twins.get(id) != null);
      if (verdict.getVerdict() == VerdictKind.exact) {
        assertThat(verdict.getCosine()).isEqualTo(1);
      }
    }
    clusters.values().removeIf(cluster -> cluster == null || cluster.getRedirect() != null);
    for (Cluster cluster : clusters.values()) {
      assertThat(cluster.getSettled()).as("cluster %s is settled", cluster).isTrue();
      assertThat(cluster.getSize())
          .as("size of %s", cluster)
          .isEqualTo(sizes.get(cluster.getCanonical()));
    }
  }

  private static Cluster root(String id, Map<String, Cluster> clusters) {
    Cluster cluster = clusters.get(id);
    return cluster.getRedirect() == null ? cluster : root(cluster.getRedirect(), clusters);
  }

  private static List<ConsumerRecord<byte[], byte[]>> all(
      String topic, Map<String, Object> client) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = reader(client)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private static KafkaConsumer<byte[], byte[]> reader(Map<String, Object> client) {
    Map<String, Object> config = new HashMap<>(client);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * The registry's header is five bytes; the processes' mock registries are their own. Null for a
   * tombstone.
   */
  private static <T extends SpecificRecord> T avro(byte[] value, Class<T> type) {
    if (value == null) {
      return null;
    }
    byte[] body = Arrays.copyOfRange(value, 5, value.length);
    assertThat(new String(value, 0, 1, StandardCharsets.ISO_8859_1)).isEqualTo("\0");
    return new BinaryAvroSerde<>(type).deserializer().deserialize("", body);
  }
}

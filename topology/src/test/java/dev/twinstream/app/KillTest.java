package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * The application as users run it, in two processes that are killed in the middle, again and again:
 * what comes out is what brute force says, each revision once.
 */
class KillTest {
  private static final int DOCUMENTS = 1500;
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
    Map<String, Document> documents = documents(random);
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), Map.of())) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      processes.add(launch(broker, 0));
      processes.add(launch(broker, 1));
      awaitTopics(client);
      List<Document> order = new ArrayList<>(documents.values());
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < order.size(); i++) {
          producer.send(new ProducerRecord<>("documents", json(order.get(i))));
          if (i % (DOCUMENTS / (KILLS + 1)) == DOCUMENTS / (KILLS + 2)) {
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
      check(documents, client);
    }
  }

  private static Map<String, Document> documents(Random random) {
    Map<String, Document> documents = new LinkedHashMap<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      boolean copy = i > 10 && random.nextInt(3) == 0;
      String text = copy ? texts.get(random.nextInt(texts.size())) : Texts.random(random, 60);
      texts.add(text);
      String id = "d" + i;
      documents.put(id, new Document(id, text, (long) random.nextInt(1000), "s", false));
    }
    return documents;
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

  private static void check(Map<String, Document> documents, Map<String, Object> client) {
    Map<String, String> twins = BruteForce.twins(documents.values());
    Map<String, Verdict> verdicts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("near-duplicates", client)) {
      Verdict verdict = avro(record.value(), Verdict.class);
      Verdict before = verdicts.put(Utils.utf8(record.key()), verdict);
      assertThat(verdict.getRevision()).isEqualTo(before == null ? 1 : before.getRevision() + 1);
    }
    Map<String, Cluster> clusters = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("clusters", client)) {
      Cluster cluster = record.value() == null ? null : avro(record.value(), Cluster.class);
      clusters.put(Utils.utf8(record.key()), cluster);
    }
    Map<String, String> members = new HashMap<>();
    Map<String, Long> sizes = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all("cluster-members", client)) {
      members.put(Utils.utf8(record.key()), avro(record.value(), ClusterMember.class).getCluster());
    }
    assertThat(all("documents-dlq", client)).isEmpty();
    assertThat(all("encodings", client)).as("each encoded once").hasSize(documents.size());
    for (String id : documents.keySet()) {
      assertThat(verdicts.get(id)).as("verdict of %s", id).isNotNull();
      assertThat(verdicts.get(id).getDuplicateOf()).as("twin of %s", id).isEqualTo(twins.get(id));
      String found = members.get(id) == null ? id : root(members.get(id), clusters).getCanonical();
      assertThat(found).as("cluster of %s", id).isEqualTo(BruteForce.root(id, twins));
      sizes.merge(found, 1L, Long::sum);
      boolean hasTwin = twins.get(id) != null;
      assertThat(verdicts.get(id).getCosine()).isEqualTo(hasTwin ? Double.valueOf(1) : null);
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

  /** The registry's header is five bytes; the processes' mock registries are their own. */
  private static <T extends SpecificRecord> T avro(byte[] value, Class<T> type) {
    byte[] body = Arrays.copyOfRange(value, 5, value.length);
    assertThat(new String(value, 0, 1, StandardCharsets.ISO_8859_1)).isEqualTo("\0");
    return new BinaryAvroSerde<>(type).deserializer().deserialize("", body);
  }
}

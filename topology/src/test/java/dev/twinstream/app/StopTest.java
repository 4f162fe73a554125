package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application as a container's supervisor sees it: probes, metrics and the end by SIGTERM. */
class StopTest {
  private static final int DOCUMENTS = 2_000;
  private static final int PARTITIONS = 2;

  /** Of the application's own 30 s, with room for a slow machine. */
  private static final int GRACE_SECONDS = 60;

  @TempDir Path folder;
  private Process process;

  @AfterEach
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldCommitWhatItHasReadWhenTerminated() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), Map.of())) {
      int port = freePort();
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      process = launch(broker, port);
      assertThat(awaitReady(port)).contains("twinstream RUNNING", "twinstream-encode RUNNING");
      assertThat(Cluster.execute(new HealthCommand(), "--port", "" + port)).isZero();
      send(client);
      try (Admin admin = Admin.create(client)) {
        awaitVerdicts(admin);
        awaitMetric(port, "kafka_twinstream_documents_total");
        process.destroy();
        assertThat(process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("log"))).contains("stopped");
        // An open transaction would hold readers of committed records back.
        assertThat(ends(admin, IsolationLevel.READ_COMMITTED))
            .isEqualTo(ends(admin, IsolationLevel.READ_UNCOMMITTED));
      }
      assertThat(Cluster.execute(new HealthCommand(), "--port", "" + port)).isEqualTo(1);
    }
  }

  private Process launch(EmbeddedBroker broker, int port) throws IOException {
    Path config = folder.resolve("twinstream.properties");
    Files.write(
        config,
        List.of(
            "bootstrap.servers=" + broker.bootstrapServers(),
            "schema.registry.url=mock://stop",
            "internal.partitions=" + PARTITIONS,
            "encoder.threads=1",
            "encoder.bundle=" + Texts.FAST_MODEL,
            "state.dir=" + folder.resolve("state")));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx700m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--config",
            config.toString(),
            "--set",
            "http.port=" + port)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private String awaitReady(int port) throws Exception {
    while (process.isAlive()) {
      try {
        HttpResponse<String> response = get(port, "/health/ready");
        if (response.statusCode() == 200) {
          return response.body();
        }
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
      } catch (ConnectException e) {
        // Java itself is still starting.
      }
      Thread.sleep(100);
    }
    return Files.readString(folder.resolve("log"));
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void send(Map<String, Object> client) {
    Random random = new Random(5);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < DOCUMENTS; i++) {
        String json = "{\"id\":\"d%d\",\"text\":\"%s\"}".formatted(i, Texts.random(random, 60));
        producer.send(new ProducerRecord<>("documents", Utils.utf8(json)));
      }
    }
  }

  private void awaitVerdicts(Admin admin) throws Exception {
    while (ends(admin, IsolationLevel.READ_COMMITTED).values().stream().allMatch(end -> end == 0)) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(50);
    }
  }

  private void awaitMetric(int port, String name) throws Exception {
    while (!get(port, "/metrics").body().contains(name)) {
      assertThat(process.isAlive()).isTrue();
      Thread.sleep(500);
    }
  }

  private static Map<Integer, Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      partitions.put(new TopicPartition("near-duplicates", partition), OffsetSpec.latest());
    }
    Map<Integer, Long> ends = new HashMap<>();
    admin
        .listOffsets(partitions, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

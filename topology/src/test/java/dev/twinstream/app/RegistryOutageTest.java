package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema registry that is away delays documents, and loses none. */
class RegistryOutageTest {
  @TempDir Path folder;

  private static StreamsRunner start(TwinstreamConfig config) {
    try {
      return StreamsRunner.start(config);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private static void awaitRequests(OutageRegistry registry, String path, int count)
      throws InterruptedException {
    while (registry.requests().stream().filter(path::equals).count() < count) {
      Thread.sleep(20);
    }
  }

  @Test
  void shouldWaitForARegistryAtStartAndLater() throws Exception {
    try (Cluster cluster = new Cluster(folder);
        OutageRegistry registry = new OutageRegistry()) {
      Path config =
          cluster.config(
              "patient",
              Map.of(
                  TwinstreamConfig.SCHEMA_REGISTRY_URL,
                  registry.url(),
                  TwinstreamConfig.DOCUMENTS_FORMAT,
                  "avro"));
      TwinstreamConfig options = Cluster.read(config);
      CompletableFuture<StreamsRunner> starting =
          CompletableFuture.supplyAsync(() -> start(options));
      awaitRequests(registry, "POST /subjects/encodings-value/versions", 2);
      assertThat(starting).as("it waits").isNotDone();
      registry.comes();
      try (StreamsRunner runner = starting.get()) {
        assertThat(registry.requests())
            .contains("PUT /config/near-duplicates-value", "PUT /config/patient-in-dlq-value");
        sendWhileAway(config, registry, "a", 503);
        Cluster.settle(config, runner);
        // Refused credentials are not tried again by the client: the stream thread dies of them.
        sendWhileAway(config, registry, "b", 401);
        Cluster.settle(config, runner);
        assertThat(Cluster.verdicts(config, 0))
            .isEqualTo(Map.of("a", "unique null", "b", "exact a"));
        assertThat(Cluster.records(config, "patient-in-dlq")).as("nothing is refused").isEmpty();
      }
    }
  }

  private static SchemaRegistryException away(Reason reason) {
    return new SchemaRegistryException("away", reason, null);
  }

  @Test
  void shouldWaitTwiceAsLongAfterEachTry() throws InterruptedException {
    List<Long> pauses = new ArrayList<>();
    AtomicInteger tries = new AtomicInteger();
    new RegistryOutage(pauses::add, () -> 0)
        .await(
            () -> {
              if (tries.incrementAndGet() <= 7) {
                throw away(Reason.UNREACHABLE);
              }
            });
    assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void shouldNotWaitForARegistryThatRefuses() {
    List<Long> pauses = new ArrayList<>();
    RegistryOutage outage = new RegistryOutage(pauses::add, () -> 0);
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(
            () ->
                outage.await(
                    () -> {
                      throw away(Reason.UNAUTHORIZED);
                    }));
    assertThat(outage.outlasts(new IllegalStateException(away(Reason.FINAL)))).isFalse();
    assertThat(outage.outlasts(new IllegalStateException(new ConnectException("a broker's"))))
        .isFalse();
    assertThat(pauses).isEmpty();
  }

  @Test
  void shouldWaitBeforeAStreamThreadStartsAgain() {
    List<Long> pauses = new ArrayList<>();
    AtomicLong nanoTime = new AtomicLong();
    RegistryOutage outage = new RegistryOutage(pauses::add, nanoTime::get);
    Throwable error = new IllegalStateException(away(Reason.UNAUTHORIZED));
    assertThat(outage.outlasts(error)).isTrue();
    assertThat(outage.outlasts(error)).isTrue();
    nanoTime.addAndGet(TimeUnit.MINUTES.toNanos(3));
    Throwable confluents = new SerializationException("cannot", new ConnectException("refused"));
    assertThat(outage.outlasts(new IllegalStateException(confluents))).isTrue();
    assertThat(pauses)
        .as("the last one begins another outage")
        .containsExactly(1_000L, 2_000L, 1_000L);
  }

  /** Sends a document whose schema the application does not know, and cannot ask for. */
  private static void sendWhileAway(Path config, OutageRegistry registry, String id, int status)
      throws Exception {
    TwinstreamConfig options = Cluster.read(config);
    byte[] value =
        DocumentWriter.of("avro", options.registry())
            .value("patient-in", new Document(id, "one two three four", 1L, null, false));
    int schema = registry.copyOf(ByteBuffer.wrap(value, 1, 4).getInt());
    ByteBuffer.wrap(value).putInt(1, schema);
    registry.goes(status);
    try (KafkaProducer<byte[], byte[]> producer = new ClusterClients(options).producer(Map.of())) {
      producer.send(new ProducerRecord<>("patient-in", Utils.utf8(id), value)).get();
    }
    awaitRequests(registry, "GET /schemas/ids/" + schema, 2);
    registry.comes();
  }
}

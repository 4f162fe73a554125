package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/**
 * The image from the outside: three brokers, a schema registry and two instances. Under documents
 * that keep coming, an instance is told to stop, a broker dies, the instance comes back; every
 * document has its verdict, once.
 */
class FailoverIT {
  private static final int ORIGINALS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String CONFIGURATION =
      """
      bootstrap.servers=%s
      schema.registry.url=%s
      internal.partitions=4
      num.stream.threads=1
      encoder.threads=1
      encoder.max.tokens=512
      encoder.batch.tokens=2048
      state.memory.bytes=134217728
      session.timeout.ms=6000
      """;

  @TempDir Path folder;
  private final Network network = Network.newNetwork();
  private KafkaNodes kafka;
  private RegistryContainer registry;
  private TwinstreamContainer first;
  private TwinstreamContainer second;

  @BeforeEach
  void start() throws Exception {
    registry = new RegistryContainer(network);
    registry.start();
    kafka = KafkaNodes.start(network);
    Path configuration =
        Files.writeString(
            folder.resolve("twinstream.properties"),
            CONFIGURATION.formatted(KafkaNodes.internalServers(), RegistryContainer.INTERNAL_URL));
    first = new TwinstreamContainer(network, configuration);
    second = new TwinstreamContainer(network, configuration);
    Startables.deepStart(first, second).join();
  }

  @AfterEach
  void stop() {
    for (AutoCloseable part : new AutoCloseable[] {second, first, kafka, registry, network}) {
      if (part != null) {
        Utils.closeQuietly(part, "container");
      }
    }
  }

  @Test
  void shouldGiveEveryVerdictOnceWhenAnInstanceAndABrokerStop() throws Exception {
    assertThat(first.output("id", "-u")).startsWith("10001");
    assertThat(first.output("touch", "/opt/x")).contains("Read-only file system");
    Map<String, Documents.Expected> documents = Documents.of(ORIGINALS);
    List<String> rows =
        new ArrayList<>(documents.values().stream().map(Documents.Expected::json).toList());
    Collections.shuffle(rows, new Random(7));
    int third = rows.size() / 3;
    send(rows.subList(0, third));
    assertThat(first.terminate()).isEqualTo(128 + 15);
    assertThat(first.getLogs()).contains("stopped").doesNotContain("did not end");
    send(rows.subList(third, 2 * third));
    kafka.kill(2);
    send(rows.subList(2 * third, rows.size()));
    first.startAgain();

    Map<String, String> verdicts = new HashMap<>();
    Map<String, Long> revisions = new HashMap<>();
    Map<String, String> wanted = new HashMap<>();
    documents.forEach((id, document) -> wanted.put(id, document.verdict()));
    read(
        "near-duplicates",
        new RegistryAvroSerde<>(Verdict.class),
        verdict -> {
          String id = verdict.getId();
          long before = revisions.getOrDefault(id, 0L);
          assertThat(verdict.getRevision()).as("revision of %s", id).isEqualTo(before + 1);
          revisions.put(id, verdict.getRevision());
          String twin = verdict.getDuplicateOf() == null ? "" : " " + verdict.getDuplicateOf();
          verdicts.put(id, verdict.getVerdict() + twin);
          return verdicts.equals(wanted);
        });
    assertThat(verdicts).isEqualTo(wanted);
    Map<String, Integer> encodings = new HashMap<>();
    read(
        "encodings",
        new RegistryAvroSerde<>(Encoding.class),
        encoding -> {
          assertThat(encodings.merge(encoding.getId(), 1, Integer::sum)).isEqualTo(1);
          return encodings.size() == documents.size();
        });
    assertThat(encodings.keySet()).isEqualTo(documents.keySet());
    assertThat(second.metrics()).containsAll(dashboardMetrics());
  }

  /** The metrics that the dashboards show. */
  private static Set<String> dashboardMetrics() throws IOException {
    String dashboard = Files.readString(Path.of("helm/twinstream/dashboards/twinstream.json"));
    return Pattern.compile("(kafka|jvm|process)(_[a-z0-9]+)+")
        .matcher(dashboard)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What a producer gives up, as one may where a leader is gone, another sends. */
  private void send(List<String> rows) {
    List<String> unsent = rows;
    for (int tries = 0; !unsent.isEmpty(); tries++) {
      assertThat(tries).as("%d rows are not taken", unsent.size()).isLessThan(3);
      unsent = givenUp(unsent);
    }
  }

  private List<String> givenUp(List<String> rows) {
    List<String> givenUp = Collections.synchronizedList(new ArrayList<>());
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String row : rows) {
        producer.send(
            new ProducerRecord<>("documents", Utils.utf8(row)),
            (sent, error) -> {
              if (error != null) {
                givenUp.add(row);
              }
            });
      }
    }
    return givenUp;
  }

  /** Takes records in, and says of each whether it made all complete. */
  private interface Taker<T> {
    boolean completes(T value);
  }

  private <T extends SpecificRecord> void read(
      String topic, RegistryAvroSerde<T> serde, Taker<T> taker) {
    serde.configure(Map.of("schema.registry.url", registry.url()), false);
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest");
    try (KafkaConsumer<String, T> consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), serde.deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      boolean complete = false;
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while ((!complete || !isAtEnd(consumer)) && System.nanoTime() < giveUp) {
        for (ConsumerRecord<String, T> record : consumer.poll(Duration.ofSeconds(1))) {
          complete = taker.completes(record.value());
        }
      }
    }
  }

  /** A verdict that comes twice comes soon after. */
  private static boolean isAtEnd(KafkaConsumer<?, ?> consumer) {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}

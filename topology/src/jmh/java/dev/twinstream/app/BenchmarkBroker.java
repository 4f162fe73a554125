package dev.twinstream.app;

import dev.twinstream.app.broker.EmbeddedBroker;
import dev.twinstream.encode.EncodeTopology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A real broker in this process whose disk stays bounded: what the application has consumed is
 * deleted, and small segments let the broker free it, and compact the rest, soon.
 */
final class BenchmarkBroker implements AutoCloseable {
  /**
   * Without a limit the broker compacts the changelogs in bursts, each of which takes a sixth of
   * two cores from the application that is measured.
   */
  private static final String CLEANER_BYTES_A_SECOND = "5000000";

  private static final Map<String, String> OPTIONS =
      Map.of(
          "log.segment.bytes", Integer.toString(32 * 1024 * 1024),
          "log.retention.check.interval.ms", "10000",
          "log.segment.delete.delay.ms", "1000",
          "log.cleaner.threads", "1",
          "log.cleaner.io.max.bytes.per.second", CLEANER_BYTES_A_SECOND);
  private static final List<String> GROUPS =
      List.of("twinstream", EncodeTopology.applicationId("twinstream"));

  private static final long PURGE_SECONDS = 5;

  private final EmbeddedBroker broker;
  private final Admin admin;
  private final ScheduledExecutorService purge = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> purging;

  BenchmarkBroker(Path folder) throws IOException {
    broker = EmbeddedBroker.start(folder, OPTIONS);
    admin = Admin.create(client());
    purging =
        purge.scheduleWithFixedDelay(
            this::deleteConsumed, PURGE_SECONDS, PURGE_SECONDS, TimeUnit.SECONDS);
  }

  /** Throws what kept consumed records from being deleted, if anything did. */
  void check() throws InterruptedException, ExecutionException {
    if (purging.isDone()) {
      purging.get();
    }
  }

  /** Options of a client of this broker. */
  Map<String, Object> client() {
    return Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  KafkaConsumer<byte[], byte[]> committedReader() {
    Map<String, Object> reading = new HashMap<>(client());
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group)
      throws InterruptedException, ExecutionException {
    return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
  }

  /** Deletes what the application has consumed. */
  void deleteConsumed() {
    try {
      Map<TopicPartition, RecordsToDelete> consumed = new HashMap<>();
      for (String group : GROUPS) {
        committed(group)
            .forEach(
                (partition, offset) ->
                    consumed.put(partition, RecordsToDelete.beforeOffset(offset.offset())));
      }
      admin.deleteRecords(consumed).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("consumed records cannot be deleted: " + e.getCause(), e);
    }
  }

  /** Waits until the application has processed all there is. */
  void awaitIdle(BenchmarkProcess application)
      throws IOException, InterruptedException, ExecutionException {
    Map<String, List<String>> sources = new HashMap<>();
    for (String group : GROUPS) {
      Set<String> topics =
          committed(group).keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
      sources.put(group, List.copyOf(topics));
    }
    try (KafkaConsumer<byte[], byte[]> probe = committedReader()) {
      Quiescence quiescence =
          new Quiescence(admin, probe, sources, List.of("near-duplicates", "cluster-members"));
      while (!quiescence.look()) {
        application.check();
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  /** Bytes that each topic takes on this broker. */
  Map<String, Long> bytesByTopic() throws InterruptedException, ExecutionException {
    Map<String, Long> bytes = new TreeMap<>();
    for (LogDirDescription folder :
        admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values()) {
      folder
          .replicaInfos()
          .forEach(
              (partition, replica) -> bytes.merge(partition.topic(), replica.size(), Long::sum));
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    purge.shutdownNow();
    admin.close();
    broker.close();
  }
}

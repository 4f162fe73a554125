package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * The application's {@link Fingerprint} in a topic of its own: an instance that starts without a
 * state of its own is to be held to it as well. The first record counts; it is its own key, so that
 * it stays when the topic is compacted.
 */
final class ClusterFingerprint {
  private ClusterFingerprint() {}

  static String topic(String applicationId) {
    return applicationId + "-parameters";
  }

  /**
   * Keeps the fingerprint at the application's first start.
   *
   * @throws IllegalArgumentException where another one is kept, or none though there is state
   */
  static void keep(TwinstreamConfig config, Topics topics, String wanted)
      throws InterruptedException {
    ClusterClients clients = new ClusterClients(config);
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    String kept = first(clients, topic(id));
    if (kept == null) {
      boolean known = Fingerprint.isKept(config, wanted);
      if (!known && topics.existing().stream().anyMatch(changelogs(config)::contains)) {
        throw new IllegalArgumentException(
            "the application "
                + id
                + " has state on this cluster, and its topic "
                + topic(id)
                + " does not say of what parameters, as before a version that kept them: rebuild"
                + " with reset, or start under another application.id");
      }
      write(clients, topic(id), wanted);
      kept = first(clients, topic(id)); // another instance may have been first
    }
    if (!kept.equals(wanted)) {
      throw new IllegalArgumentException(
          "the application "
              + id
              + " was started on this cluster with ["
              + kept
              + "], the configuration says ["
              + wanted
              + "]: restore the old values, rebuild with reset, or start under another"
              + " application.id");
    }
  }

  private static Set<String> changelogs(TwinstreamConfig config) {
    return TopicPlan.of(config).stream()
        .filter(topic -> topic.kind() == Kind.CHANGELOG)
        .map(PlannedTopic::name)
        .collect(Collectors.toSet());
  }

  /** Null where there is none. */
  private static String first(ClusterClients clients, String topic) {
    TopicPartition place = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      consumer.assign(List.of(place));
      consumer.seekToBeginning(List.of(place));
      List<String> read = new ArrayList<>();
      TopicReader.toEnd(
          consumer,
          consumer.endOffsets(List.of(place)),
          record -> read.add(Utils.utf8(record.value())));
      return read.isEmpty() ? null : read.get(0);
    }
  }

  private static void write(ClusterClients clients, String topic, String fingerprint)
      throws InterruptedException {
    byte[] bytes = Utils.utf8(fingerprint);
    try (KafkaProducer<byte[], byte[]> producer = clients.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, 0, bytes, bytes)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the topic " + topic + " could not be written: " + e.getCause().getMessage(), e);
    }
  }
}

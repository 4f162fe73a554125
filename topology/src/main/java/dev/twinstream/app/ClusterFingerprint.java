package dev.twinstream.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
   * @throws IllegalArgumentException where another one is kept
   */
  static void check(TwinstreamConfig config, String wanted) throws InterruptedException {
    ClusterClients clients = new ClusterClients(config);
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    List<String> kept = kept(clients, topic(id));
    if (kept.isEmpty()) {
      write(clients, topic(id), wanted);
      kept = kept(clients, topic(id)); // another instance may have been first
    }
    if (!kept.get(0).equals(wanted)) {
      throw new IllegalArgumentException(
          "the application "
              + id
              + " was started on this cluster with ["
              + kept.get(0)
              + "], the configuration says ["
              + wanted
              + "]: restore the old values, rebuild with reset, or start under another"
              + " application.id");
    }
  }

  private static List<String> kept(ClusterClients clients, String topic) {
    List<String> kept = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      TopicReader.forEach(consumer, topic, record -> kept.add(Utils.utf8(record.value())));
    }
    return kept;
  }

  private static void write(ClusterClients clients, String topic, String fingerprint)
      throws InterruptedException {
    byte[] bytes = Utils.utf8(fingerprint);
    try (KafkaProducer<byte[], byte[]> producer = clients.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, bytes, bytes)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the topic " + topic + " could not be written: " + e.getCause().getMessage(), e);
    }
  }
}

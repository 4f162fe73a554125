package dev.twinstream.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads a topic from its start to where it ended when reading began. */
final class TopicReader {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private TopicReader() {}

  /**
   * The topic's partitions.
   *
   * @throws IllegalArgumentException where there is no such topic
   * @throws IllegalStateException where no broker answers
   */
  static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    List<PartitionInfo> found;
    try {
      found = SilentBroker.OF_PROCESS.topics(consumer).get(topic);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "no broker answers; see " + TwinstreamConfig.BOOTSTRAP_SERVERS + ": " + e.getMessage(),
          e);
    }
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no topic "
              + topic
              + ": see bootstrap.servers and documents.topic; the first run makes it");
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  /**
   * Visits each record.
   *
   * @throws RuntimeException as {@link #partitions} does
   */
  static void forEach(
      KafkaConsumer<byte[], byte[]> consumer,
      String topic,
      Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    List<TopicPartition> partitions = partitions(consumer, topic);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    toEnd(consumer, consumer.endOffsets(partitions), visitor);
  }

  /**
   * Visits each record from where the consumer stands to the given ends.
   *
   * @throws IllegalStateException where brokers send nothing for {@link #PATIENCE}
   */
  static void toEnd(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    long before = -1;
    long since = System.nanoTime();
    while (ends.keySet().stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
          visitor.accept(record);
        }
      }
      long now = ends.keySet().stream().mapToLong(consumer::position).sum();
      if (now != before) {
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "the brokers have sent nothing of "
                + ends.keySet()
                + " for "
                + PATIENCE.toSeconds()
                + " s: see whether they run, and try again");
      }
    }
  }
}

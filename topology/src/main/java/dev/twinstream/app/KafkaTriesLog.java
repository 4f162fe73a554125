package dev.twinstream.app;

import dev.twinstream.encode.TriesLog;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.internal.EncodeTries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A topic of which only the last record of each partition counts. It is written by a producer of
 * its own, outside all transactions.
 */
final class KafkaTriesLog implements TriesLog, AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final ClusterClients clients;
  private final Topic<Integer, EncodeTries> topic;
  private final KafkaProducer<byte[], byte[]> producer;

  /** By partition, what this process wrote last, and what of it has not come to its end. */
  private final Map<Integer, Own> own = new ConcurrentHashMap<>();

  private record Own(EncodeTries written, EncodeTries left) {}

  KafkaTriesLog(ClusterClients clients, Topic<Integer, EncodeTries> topic) {
    this.clients = clients;
    this.topic = topic;
    this.producer = clients.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
  }

  @Override
  public EncodeTries last(int partition) {
    TopicPartition place = new TopicPartition(topic.name(), partition);
    List<EncodeTries> read = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      consumer.assign(List.of(place));
      long end = consumer.endOffsets(List.of(place)).get(place);
      consumer.seek(place, Math.max(0, end - 1));
      TopicReader.toEnd(
          consumer,
          Map.of(place, end),
          record ->
              read.add(
                  topic.valueSerde().deserializer().deserialize(topic.name(), record.value())));
    }
    EncodeTries last = read.isEmpty() ? new EncodeTries(List.of()) : read.get(read.size() - 1);
    Own here = own.get(partition);
    return here != null && here.written.equals(last) ? here.left : last;
  }

  @Override
  public void write(int partition, EncodeTries tries) {
    byte[] key = topic.keySerde().serializer().serialize(topic.name(), partition);
    byte[] value = topic.valueSerde().serializer().serialize(topic.name(), tries);
    try {
      producer.send(new ProducerRecord<>(topic.name(), partition, key, value)).get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the topic " + topic.name() + " could not be written: " + e.getCause().getMessage(), e);
    }
    own.put(partition, new Own(tries, tries));
  }

  @Override
  public void finished(int partition, EncodeTries left) {
    own.computeIfPresent(partition, (key, here) -> new Own(here.written, left));
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}

package dev.twinstream.app;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Kafka clients beside those of Kafka Streams, on the cluster of the configuration: options under
 * the prefixes of Kafka Streams hold for them too.
 */
final class ClusterClients {
  private final TwinstreamConfig config;

  ClusterClients(TwinstreamConfig config) {
    this.config = config;
  }

  Admin admin() {
    Map<String, Object> options = new HashMap<>(config.originals());
    options.putAll(config.originalsWithPrefix(StreamsConfig.ADMIN_CLIENT_PREFIX));
    return Admin.create(options);
  }

  /**
   * A producer that repeats nothing and loses nothing of what it is told to send.
   *
   * @param overrides options that go before those of the configuration
   */
  KafkaProducer<byte[], byte[]> producer(Map<String, Object> overrides) {
    Map<String, Object> options = new HashMap<>();
    options.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    options.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    options.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    options.putAll(config.originals());
    options.putAll(config.originalsWithPrefix(StreamsConfig.PRODUCER_PREFIX));
    options.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    options.put(ProducerConfig.ACKS_CONFIG, "all");
    options.putAll(overrides);
    return new KafkaProducer<>(options, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A consumer of committed records, in no group. */
  KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> options = new HashMap<>(config.originals());
    options.putAll(config.originalsWithPrefix(StreamsConfig.CONSUMER_PREFIX));
    options.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    options.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Where retention has taken what it was to read next, it goes on behind that.
    options.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    options.remove(ConsumerConfig.GROUP_ID_CONFIG);
    options.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    // What Kafka Streams takes here, streams, no consumer does.
    options.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    return new KafkaConsumer<>(options, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}

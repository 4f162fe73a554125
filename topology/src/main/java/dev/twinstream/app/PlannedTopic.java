package dev.twinstream.app;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as the application wants it.
 *
 * @param partitions where the application makes it; of internal topics and changelogs also where it
 *     is found
 * @param replicas of each partition; {@link #BROKERS_REPLICAS} leaves them to the broker
 * @param purpose what is in it, in a few words
 * @param options {@link TopicConfig} options
 */
record PlannedTopic(
    String name,
    Kind kind,
    int partitions,
    int replicas,
    String purpose,
    Map<String, String> options) {
  /** Kafka's word for as many replicas as the broker gives a topic. */
  static final int BROKERS_REPLICAS = -1;

  /** Who writes and reads a topic. */
  enum Kind {
    /** Written by users. */
    INPUT,
    /** Written and read by the application, between its parts. */
    INTERNAL,
    /** Written at the application's first start, and read at each. */
    PARAMETERS,
    /** Read by users. */
    OUTPUT,
    /** A copy of a state store; Kafka Streams makes it at the first start. */
    CHANGELOG
  }

  String cleanupPolicy() {
    return options.get(TopicConfig.CLEANUP_POLICY_CONFIG);
  }

  /** Milliseconds, or -1 for no end; null where nothing is deleted by age. */
  String retentionMs() {
    return options.get(TopicConfig.RETENTION_MS_CONFIG);
  }

  NewTopic create() {
    return new NewTopic(name, partitions, (short) replicas).configs(options);
  }

  /** The options as Kafka's own commands take them, in the order of their names. */
  String optionList() {
    return new TreeMap<>(options)
        .entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
  }
}

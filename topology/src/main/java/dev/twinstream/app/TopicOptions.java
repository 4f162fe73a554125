package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import dev.twinstream.schemas.TopicNames;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.streams.StreamsConfig;

/** Names of the topics beside the input, and how the topics are made. */
final class TopicOptions {
  static final String CHECKS = "checks.topic";
  static final String CHECK_RESULTS = "check.results.topic";
  static final String PAIR_MARKS = "pair.marks.topic";
  static final String ENCODINGS = "encodings.topic";
  static final String NEAR_DUPLICATES = "near.duplicates.topic";
  static final String CLUSTER_MEMBERS = "cluster.members.topic";
  static final String CLUSTERS = "clusters.topic";

  /** Kafka Streams reads it too, for the topics that it makes itself. */
  static final String MAX_MESSAGE_BYTES =
      StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);

  /** Kafka Streams' own option. */
  static final String REPLICATION_FACTOR = StreamsConfig.REPLICATION_FACTOR_CONFIG;

  /** A dead letter has 64 KiB of key, as much of value, and its cause; an encoding has less. */
  static final int LEAST_OUTPUT_BYTES = 256 * 1024;

  private static final int DEFAULT_MESSAGE_BYTES = 64 * 1024 * 1024;

  /** What names topics, or begins their names. */
  static final ConfigDef.Validator TOPIC_NAME =
      LambdaValidator.with(TopicOptions::requireTopicName, () -> "a name that Kafka takes");

  private static final ConfigDef.Validator REPLICAS =
      LambdaValidator.with(TopicOptions::requireReplicas, () -> "-1 or at least 1");

  private static final TopicNames STANDARD = TopicNames.standard("documents");

  private TopicOptions() {}

  private static void requireTopicName(String option, Object value) {
    try {
      Topic.validate((String) value);
    } catch (InvalidTopicException e) {
      throw new ConfigException(
          option,
          value,
          "wanted 1 to 249 letters and digits of ASCII, dots, underscores and hyphens");
    }
  }

  private static void requireReplicas(String option, Object value) {
    int replicas = (Integer) value;
    if (replicas != PlannedTopic.BROKERS_REPLICAS && (replicas < 1 || replicas > Short.MAX_VALUE)) {
      throw new ConfigException(
          option, value, "wanted at least 1, or -1 for the broker's default.replication.factor");
    }
  }

  static void addTo(ConfigDef definition) {
    definition
        .define(
            MAX_MESSAGE_BYTES,
            Type.INT,
            DEFAULT_MESSAGE_BYTES,
            atLeast(LEAST_OUTPUT_BYTES),
            MEDIUM,
            "max.message.bytes of the topics that the application and Kafka Streams make, and the"
                + " largest record that it passes on; internal topics that take less lower the"
                + " latter.")
        .define(
            REPLICATION_FACTOR,
            Type.INT,
            PlannedTopic.BROKERS_REPLICAS,
            REPLICAS,
            MEDIUM,
            "Replicas of the topics that the application and Kafka Streams make; -1 = the"
                + " broker's default.replication.factor.");
    define(definition, CHECKS, STANDARD.questions(), "texts that are looked up and not stored");
    define(definition, CHECK_RESULTS, STANDARD.answers(), "the answers to them");
    define(definition, PAIR_MARKS, STANDARD.pairMarks(), "what users say of pairs");
    define(definition, ENCODINGS, STANDARD.encodings(), "encodings");
    define(definition, NEAR_DUPLICATES, STANDARD.nearDuplicates(), "verdicts");
    define(definition, CLUSTER_MEMBERS, STANDARD.clusterMembers(), "each document's cluster");
    define(definition, CLUSTERS, STANDARD.clusters(), "clusters");
  }

  private static void define(ConfigDef definition, String key, String name, String holds) {
    definition.define(
        key,
        Type.STRING,
        name,
        TOPIC_NAME,
        LOW,
        "The topic of " + holds + ". Two applications on one cluster need topics of their own.");
  }

  static int maxMessageBytes(TwinstreamConfig config) {
    return config.getInt(MAX_MESSAGE_BYTES);
  }

  static TopicNames of(TwinstreamConfig config) {
    String documents = config.getString(TwinstreamConfig.DOCUMENTS_TOPIC);
    return new TopicNames(
        documents,
        config.getString(CHECKS),
        config.getString(PAIR_MARKS),
        config.getString(ENCODINGS),
        config.getString(NEAR_DUPLICATES),
        config.getString(CLUSTER_MEMBERS),
        config.getString(CLUSTERS),
        config.getString(CHECK_RESULTS),
        TopicNames.standard(documents).deadLetters());
  }
}

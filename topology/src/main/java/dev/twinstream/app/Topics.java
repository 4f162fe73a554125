package dev.twinstream.app;

import dev.twinstream.schemas.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the application's topics where they are missing, and checks those that exist. */
final class Topics {
  private static final Map<String, String> KEPT = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

  /** Of a topic with a record a batch, of which only the last one of each partition counts. */
  private static final Map<String, String> SMALL_SEGMENTS =
      Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(1024 * 1024));

  /** Questions and answers are of no use once they are read. */
  private static final long QUESTIONS_MS = Duration.ofDays(1).toMillis();

  /** A dead letter has 64 KiB of key, as much of value, and its cause; an encoding has less. */
  private static final int LEAST_OUTPUT_BYTES = 256 * 1024;

  private static final int KNOWN_TRIES = 50;
  private static final long KNOWN_WAIT_MS = 100;

  private Topics() {}

  /**
   * Creates what is missing, with {@code partitions} each. What others send in is kept for good;
   * what the application writes, no longer than {@code erasure} allows.
   */
  static void ensure(
      Admin admin, TopicCatalogue topics, int partitions, int maxMessageBytes, Erasure erasure)
      throws InterruptedException {
    Map<String, Map<String, String>> options = new HashMap<>();
    options.put(topics.documents().name(), KEPT);
    options.put(topics.pairMarks().name(), KEPT);
    for (String name : topics.internalNames()) {
      options.put(name, erasure.passing(Long.MAX_VALUE));
    }
    options.put(topics.deadLetters().name(), erasure.passing(Long.MAX_VALUE));
    for (String name : List.of(topics.questions().name(), topics.answers().name())) {
      options.put(name, erasure.passing(QUESTIONS_MS));
    }
    for (String name :
        List.of(
            topics.encodings().name(),
            topics.nearDuplicates().name(),
            topics.clusterMembers().name(),
            topics.clusters().name())) {
      options.put(name, compacted(erasure, Map.of()));
    }
    options.put(topics.encodeTries().name(), compacted(erasure, SMALL_SEGMENTS));
    Set<String> existing = get(admin.listTopics().names());
    List<NewTopic> missing = new ArrayList<>();
    options.forEach(
        (name, own) -> {
          if (!existing.contains(name)) {
            Map<String, String> all = new HashMap<>();
            all.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            all.putAll(own);
            // See Application.streamsProperties.
            all.put(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                name.equals(topics.documents().name()) ? "CreateTime" : "LogAppendTime");
            all.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
            missing.add(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(all));
          }
        });
    get(admin.createTopics(missing).all());
    Map<String, TopicDescription> found =
        whenKnown(() -> admin.describeTopics(topics.internalNames()).allTopicNames());
    for (TopicDescription topic : found.values()) {
      int count = topic.partitions().size();
      if (count != partitions) {
        throw new IllegalArgumentException(
            "topic "
                + topic.name()
                + " has "
                + count
                + " partitions, but "
                + TwinstreamConfig.PARTITIONS
                + " is "
                + partitions
                + ": set it to "
                + count
                + ", or start under another application.id");
      }
    }
  }

  private static Map<String, String> compacted(Erasure erasure, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(erasure.compacted());
    options.putAll(more);
    options.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    return options;
  }

  /**
   * What is published of a document has bounded size, whatever its text: the outputs must take it.
   */
  static void checkOutputs(Admin admin, TopicCatalogue topics) throws InterruptedException {
    for (String name :
        List.of(
            topics.encodings().name(),
            topics.nearDuplicates().name(),
            topics.clusterMembers().name(),
            topics.clusters().name(),
            topics.answers().name(),
            topics.deadLetters().name())) {
      int limit = maxMessageBytes(admin, List.of(name));
      if (limit < LEAST_OUTPUT_BYTES) {
        throw new IllegalArgumentException(
            "topic "
                + name
                + " takes records of "
                + limit
                + " bytes, but dead letters and encodings may have "
                + LEAST_OUTPUT_BYTES
                + ": raise its max.message.bytes");
      }
    }
  }

  /** The smallest max.message.bytes of the named topics. */
  static int maxMessageBytes(Admin admin, Collection<String> names) throws InterruptedException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    int smallest = Integer.MAX_VALUE;
    for (Config config : whenKnown(() -> admin.describeConfigs(resources).all()).values()) {
      int limit = Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
      smallest = Math.min(smallest, limit);
    }
    return smallest;
  }

  /** A broker learns of new topics a moment after the controller has made them. */
  private static <T> T whenKnown(Supplier<KafkaFuture<T>> question) throws InterruptedException {
    for (int left = KNOWN_TRIES; left > 1; left--) {
      try {
        return get(question.get());
      } catch (IllegalStateException e) {
        if (!(e.getCause().getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        Thread.sleep(KNOWN_WAIT_MS);
      }
    }
    return get(question.get());
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      String what =
          e.getCause() instanceof TimeoutException
              ? "no broker answers; see " + TwinstreamConfig.BOOTSTRAP_SERVERS + ": "
              : "the broker refused: ";
      throw new IllegalStateException(what + e.getCause().getMessage(), e);
    }
  }
}

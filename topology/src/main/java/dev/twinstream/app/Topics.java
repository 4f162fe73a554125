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
  private static final String COMPACT = TopicConfig.CLEANUP_POLICY_COMPACT;
  private static final String DELETE = TopicConfig.CLEANUP_POLICY_DELETE;

  private static final String UNBOUNDED_MS = "-1";

  /** Questions and answers are of no use once they are read. */
  private static final String QUESTIONS_MS = Long.toString(Duration.ofDays(1).toMillis());

  /** A dead letter has 64 KiB of key, as much of value, and its cause; an encoding has less. */
  private static final int LEAST_OUTPUT_BYTES = 256 * 1024;

  private static final int KNOWN_TRIES = 50;
  private static final long KNOWN_WAIT_MS = 100;

  private Topics() {}

  /** Creates what is missing, with {@code partitions} each. */
  static void ensure(Admin admin, TopicCatalogue topics, int partitions, int maxMessageBytes)
      throws InterruptedException {
    Map<String, String> policies = new HashMap<>();
    policies.put(topics.documents().name(), DELETE);
    policies.put(topics.questions().name(), DELETE);
    policies.put(topics.pairMarks().name(), DELETE);
    policies.put(topics.answers().name(), DELETE);
    policies.put(topics.clusters().name(), COMPACT);
    topics.internalNames().forEach(name -> policies.put(name, DELETE));
    policies.put(topics.encodeTries().name(), COMPACT);
    policies.put(topics.encodings().name(), COMPACT);
    policies.put(topics.nearDuplicates().name(), COMPACT);
    policies.put(topics.clusterMembers().name(), COMPACT);
    policies.put(topics.deadLetters().name(), DELETE);
    Set<String> questions = Set.of(topics.questions().name(), topics.answers().name());
    Set<String> existing = get(admin.listTopics().names());
    List<NewTopic> missing = new ArrayList<>();
    policies.forEach(
        (name, policy) -> {
          if (!existing.contains(name)) {
            missing.add(
                new NewTopic(name, Optional.of(partitions), Optional.empty())
                    .configs(
                        Map.of(
                            TopicConfig.CLEANUP_POLICY_CONFIG,
                            policy,
                            // See Application.streamsProperties.
                            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                            name.equals(topics.documents().name()) ? "CreateTime" : "LogAppendTime",
                            TopicConfig.RETENTION_MS_CONFIG,
                            questions.contains(name) ? QUESTIONS_MS : UNBOUNDED_MS,
                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                            Integer.toString(maxMessageBytes))));
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

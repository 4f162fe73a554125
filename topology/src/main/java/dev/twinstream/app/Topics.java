package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.app.TopicCheck.Finding;
import dev.twinstream.schemas.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the application's topics where they are missing, and checks those that exist. */
final class Topics {
  /** A dead letter has 64 KiB of key, as much of value, and its cause; an encoding has less. */
  private static final int LEAST_OUTPUT_BYTES = 256 * 1024;

  private static final int KNOWN_TRIES = 50;
  private static final long KNOWN_WAIT_MS = 100;

  private final Admin admin;

  Topics(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates what is missing, and checks the internal topics and changelogs.
   *
   * @throws IllegalArgumentException where one of those would make results wrong
   */
  void ensure(List<PlannedTopic> plan) throws InterruptedException {
    create(plan);
    Set<String> existing = existing();
    List<PlannedTopic> ours =
        plan.stream()
            .filter(
                topic ->
                    topic.kind() == Kind.INTERNAL
                        || (topic.kind() == Kind.CHANGELOG && existing.contains(topic.name())))
            .toList();
    for (Finding finding : check(ours)) {
      if (finding.wrongResults()) {
        throw new IllegalArgumentException(finding.sentence());
      }
    }
  }

  /**
   * Creates what is missing; changelogs are left to Kafka Streams. What another instance has
   * created in the meantime is there as well.
   *
   * @return what was created here
   */
  List<PlannedTopic> create(List<PlannedTopic> plan) throws InterruptedException {
    Set<String> existing = existing();
    List<PlannedTopic> missing =
        plan.stream()
            .filter(topic -> topic.kind() != Kind.CHANGELOG && !existing.contains(topic.name()))
            .toList();
    Map<String, KafkaFuture<Void>> created =
        admin.createTopics(missing.stream().map(PlannedTopic::create).toList()).values();
    List<PlannedTopic> ours = new ArrayList<>();
    for (PlannedTopic topic : missing) {
      if (isCreatedHere(created.get(topic.name()))) {
        ours.add(topic);
      }
    }
    return ours;
  }

  private static boolean isCreatedHere(KafkaFuture<Void> created) throws InterruptedException {
    try {
      get(created);
      return true;
    } catch (IllegalStateException e) {
      if (e.getCause().getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  /** The names of the cluster's topics, as far as this user may know them. */
  Set<String> existing() throws InterruptedException {
    return get(admin.listTopics().names());
  }

  /** What is wrong with topics that exist. */
  List<Finding> check(List<PlannedTopic> plan) throws InterruptedException {
    List<String> names = plan.stream().map(PlannedTopic::name).toList();
    Map<String, TopicDescription> descriptions =
        whenKnown(() -> admin.describeTopics(names).allTopicNames());
    Map<String, Map<String, String>> options = options(names);
    List<Finding> findings = new ArrayList<>();
    for (PlannedTopic topic : plan) {
      int partitions = descriptions.get(topic.name()).partitions().size();
      findings.addAll(TopicCheck.of(topic, partitions, options.get(topic.name())));
    }
    return findings;
  }

  /** Kafka's id of a topic; one that is deleted and made again has another. */
  String id(String name) throws InterruptedException {
    return whenKnown(() -> admin.describeTopics(List.of(name)).allTopicNames())
        .get(name)
        .topicId()
        .toString();
  }

  /**
   * What is published of a document has bounded size, whatever its text: the outputs must take it.
   */
  void checkOutputs(List<? extends Topic<?, ?>> outputs) throws InterruptedException {
    for (Topic<?, ?> output : outputs) {
      int limit = maxMessageBytes(List.of(output.name()));
      if (limit < LEAST_OUTPUT_BYTES) {
        throw new IllegalArgumentException(
            "topic "
                + output.name()
                + " takes records of "
                + limit
                + " bytes, but dead letters and encodings may have "
                + LEAST_OUTPUT_BYTES
                + ": raise its max.message.bytes");
      }
    }
  }

  /** The smallest max.message.bytes of the named topics. */
  int maxMessageBytes(Collection<String> names) throws InterruptedException {
    return options(names).values().stream()
        .mapToInt(options -> Integer.parseInt(options.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)))
        .min()
        .orElseThrow();
  }

  private Map<String, Map<String, String>> options(Collection<String> names)
      throws InterruptedException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Map<String, String>> options = new HashMap<>();
    for (Map.Entry<ConfigResource, Config> found :
        whenKnown(() -> admin.describeConfigs(resources).all()).entrySet()) {
      Map<String, String> ofTopic = new HashMap<>();
      found.getValue().entries().forEach(entry -> ofTopic.put(entry.name(), entry.value()));
      options.put(found.getKey().name(), ofTopic);
    }
    return options;
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

  /**
   * The answer of the cluster.
   *
   * @throws IllegalStateException where there is none, or a refusal; one sentence
   */
  static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      String what =
          e.getCause() instanceof TimeoutException
              ? "no broker answers; see " + TwinstreamConfig.BOOTSTRAP_SERVERS + ": "
              : "the broker refused: ";
      String rights =
          e.getCause() instanceof AuthorizationException
              ? "; topics plan --principal shows the rights that are wanted"
              : "";
      throw new IllegalStateException(what + e.getCause().getMessage() + rights, e);
    }
  }
}

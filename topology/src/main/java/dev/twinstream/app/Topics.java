package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.app.TopicCheck.Finding;
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
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the application's topics where they are missing, and checks those that exist. */
final class Topics {
  /** What the settings of new topics follow from; the broker's sentence says which it refuses. */
  private static final String SETTINGS =
      "max.message.bytes follows from "
          + TopicOptions.MAX_MESSAGE_BYTES
          + ", replicas from "
          + TopicOptions.REPLICATION_FACTOR
          + ", times from "
          + Erasure.MAX_AGE_MS
          + ": set the one that it names, or make the topic yourself (topics plan shows each)";

  private static final int KNOWN_TRIES = 50;
  private static final long KNOWN_WAIT_MS = 100;

  private final Admin admin;

  Topics(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates what is missing, and checks what the application writes.
   *
   * @throws IllegalArgumentException where a topic would make results wrong, or stop the
   *     application
   */
  void ensure(List<PlannedTopic> plan) throws InterruptedException {
    create(plan);
    Set<String> existing = existing();
    List<PlannedTopic> ours =
        plan.stream()
            .filter(
                topic ->
                    topic.kind() == Kind.INTERNAL
                        || topic.kind() == Kind.OUTPUT
                        || topic.kind() == Kind.PARAMETERS
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
   * @throws IllegalArgumentException where the broker refuses a setting; names the option to set
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
      if (isCreatedHere(topic, created.get(topic.name()))) {
        ours.add(topic);
      }
    }
    return ours;
  }

  private static boolean isCreatedHere(PlannedTopic topic, KafkaFuture<Void> created)
      throws InterruptedException {
    try {
      get(created);
      return true;
    } catch (IllegalStateException e) {
      Throwable cause = e.getCause().getCause();
      if (cause instanceof TopicExistsException) {
        return false;
      }
      if (cause instanceof AuthorizationException) {
        throw e; // to Kafka this is one of the invalid configurations below
      }
      if (cause instanceof InvalidReplicationFactorException) {
        throw refused(topic, cause, "set " + TopicOptions.REPLICATION_FACTOR + " to what it takes");
      }
      if (cause instanceof PolicyViolationException
          || cause instanceof InvalidConfigurationException) {
        throw refused(topic, cause, SETTINGS);
      }
      throw e;
    }
  }

  private static IllegalArgumentException refused(
      PlannedTopic topic, Throwable cause, String whatToDo) {
    return new IllegalArgumentException(
        "the broker refused to make the topic "
            + topic.name()
            + " with "
            + topic.optionList()
            + ": "
            + cause.getMessage()
            + "; "
            + whatToDo,
        cause);
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
    int brokers = get(admin.describeCluster().nodes()).size();
    int passedOn = Integer.MAX_VALUE;
    for (PlannedTopic topic : plan) {
      if (topic.kind() == Kind.INTERNAL) {
        passedOn = Math.min(passedOn, maxMessageBytes(options.get(topic.name())));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (PlannedTopic topic : plan) {
      List<TopicPartitionInfo> partitions = descriptions.get(topic.name()).partitions();
      int replicas = partitions.stream().mapToInt(p -> p.replicas().size()).min().orElseThrow();
      TopicCheck.Found found =
          new TopicCheck.Found(
              partitions.size(), replicas, brokers, passedOn, options.get(topic.name()));
      findings.addAll(TopicCheck.of(topic, found));
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

  /** The smallest max.message.bytes of the named topics. */
  int maxMessageBytes(Collection<String> names) throws InterruptedException {
    return options(names).values().stream().mapToInt(Topics::maxMessageBytes).min().orElseThrow();
  }

  private static int maxMessageBytes(Map<String, String> options) {
    return Integer.parseInt(options.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
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
      return SilentBroker.OF_PROCESS.answer(future);
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

package dev.twinstream.app;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.encode.EncodeTopology;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/** Every topic that an application of this configuration has, and how it is kept. */
final class TopicPlan {
  /** Questions and answers are of no use once they are read. */
  private static final long QUESTIONS_MS = Duration.ofDays(1).toMillis();

  private final Erasure erasure;
  private final int partitions;
  private final int replicas;
  private final int maxMessageBytes;
  private final List<PlannedTopic> topics = new ArrayList<>();

  private TopicPlan(TwinstreamConfig config) {
    erasure = Erasure.of(config);
    partitions = config.getInt(TwinstreamConfig.PARTITIONS);
    replicas = config.getInt(TopicOptions.REPLICATION_FACTOR);
    maxMessageBytes = TopicOptions.maxMessageBytes(config);
  }

  static List<PlannedTopic> of(TwinstreamConfig config) {
    Application application = new Application(config);
    TopicPlan plan = new TopicPlan(config);
    plan.addInputsAndOutputs(application.topics());
    plan.addInternal(application.topics());
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    plan.topics.add(
        new PlannedTopic(
            ClusterFingerprint.topic(id),
            Kind.PARAMETERS,
            1,
            plan.replicas,
            "parameters that are fixed at the first start",
            plan.compacted()));
    Map<String, String> changelogs = changelogOptions(application.streamsProperties());
    plan.addChangelogs(id, application.topology(), changelogs);
    if (config.hasEncoder()) {
      plan.addChangelogs(
          EncodeTopology.applicationId(id), application.encodeTopology(null, null), changelogs);
    }
    return List.copyOf(plan.topics);
  }

  private void addInputsAndOutputs(TopicCatalogue names) {
    // The time of a document is the producer's; other topics see Application.streamsProperties.
    add(Kind.INPUT, names.documents(), "documents", kept("CreateTime"));
    add(Kind.INPUT, names.questions(), "texts to look up", passing(QUESTIONS_MS));
    add(Kind.INPUT, names.pairMarks(), "users' words on pairs", kept("LogAppendTime"));
    add(Kind.OUTPUT, names.nearDuplicates(), "verdict of each document", compacted());
    add(Kind.OUTPUT, names.clusterMembers(), "cluster of each document", compacted());
    add(Kind.OUTPUT, names.clusters(), "clusters", compacted());
    add(Kind.OUTPUT, names.encodings(), "encoding of each document", compacted());
    add(Kind.OUTPUT, names.answers(), "answers to looked-up texts", passing(QUESTIONS_MS));
    add(Kind.OUTPUT, names.deadLetters(), "documents that were refused", passing(Long.MAX_VALUE));
  }

  private void addInternal(TopicCatalogue names) {
    addInternal(names.documentsById(), "documents, by id");
    addInternal(names.documentsEncoded(), "documents with their encodings, by id");
    addInternal(names.contentMessages(), "messages to contents, by their address");
    addInternal(names.documentMessages(), "messages to documents, by id");
    addInternal(names.bucketRequests(), "bucket keys, by their partition");
    addInternal(names.clusterEdges(), "edges of clusters, by scope");
    add(Kind.INTERNAL, names.encodeTries(), "batches that are being encoded", compacted());
  }

  private void addInternal(Topic<?, ?> topic, String purpose) {
    add(Kind.INTERNAL, topic, purpose, passing(Long.MAX_VALUE));
  }

  /** What Kafka Streams makes changelogs with. */
  private static Map<String, String> changelogOptions(Properties streams) {
    Map<String, String> options = new HashMap<>();
    options.put(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT);
    streams.forEach(
        (key, value) -> {
          String name = key.toString();
          if (name.startsWith(StreamsConfig.TOPIC_PREFIX)) {
            options.put(name.substring(StreamsConfig.TOPIC_PREFIX.length()), value.toString());
          }
        });
    return Map.copyOf(options);
  }

  private void addChangelogs(String id, Topology topology, Map<String, String> options) {
    Set<String> stores = new TreeSet<>();
    for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Processor processor) {
          stores.addAll(processor.stores());
        }
      }
    }
    for (String store : stores) {
      topics.add(
          new PlannedTopic(
              id + "-" + store + "-changelog",
              Kind.CHANGELOG,
              partitions,
              replicas,
              "copy of the store " + store,
              options));
    }
  }

  private void add(Kind kind, Topic<?, ?> topic, String purpose, Map<String, String> options) {
    topics.add(new PlannedTopic(topic.name(), kind, partitions, replicas, purpose, options));
  }

  /** What others send in is kept for good. */
  private Map<String, String> kept(String timestampType) {
    return options(CLEANUP_POLICY_DELETE, timestampType, Map.of(RETENTION_MS_CONFIG, "-1"));
  }

  /** What the application writes is kept no longer than erasure allows. */
  private Map<String, String> passing(long mostMillis) {
    return options(CLEANUP_POLICY_DELETE, "LogAppendTime", erasure.passing(mostMillis));
  }

  private Map<String, String> compacted() {
    return options(CLEANUP_POLICY_COMPACT, "LogAppendTime", erasure.compacted());
  }

  private Map<String, String> options(
      String policy, String timestampType, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put(CLEANUP_POLICY_CONFIG, policy);
    options.put(MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType);
    options.put(MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
    return options;
  }
}

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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/** Every topic that an application of this configuration has, and how it is kept. */
final class TopicPlan {
  private static final String UNBOUNDED_MS = "-1";

  /** Questions and answers are of no use once they are read. */
  private static final String QUESTIONS_MS = Long.toString(Duration.ofDays(1).toMillis());

  private final int partitions;
  private final int maxMessageBytes;
  private final List<PlannedTopic> topics = new ArrayList<>();

  private TopicPlan(int partitions, int maxMessageBytes) {
    this.partitions = partitions;
    this.maxMessageBytes = maxMessageBytes;
  }

  /**
   * @param maxMessageBytes the largest record that the topics take, where they are made
   */
  static List<PlannedTopic> of(TwinstreamConfig config, int maxMessageBytes) {
    Application application = new Application(config, maxMessageBytes, null);
    TopicPlan plan = new TopicPlan(config.getInt(TwinstreamConfig.PARTITIONS), maxMessageBytes);
    plan.addInputsAndOutputs(application.topics());
    plan.addInternal(application.topics());
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    plan.addChangelogs(id, application.topology());
    if (config.hasEncoder()) {
      plan.addChangelogs(EncodeTopology.applicationId(id), application.encodeTopology(null, null));
    }
    return List.copyOf(plan.topics);
  }

  private void addInputsAndOutputs(TopicCatalogue names) {
    // The time of a document is the producer's; other topics see Application.streamsProperties.
    add(Kind.INPUT, names.documents(), "documents", kept("CreateTime", UNBOUNDED_MS));
    add(Kind.INPUT, names.questions(), "texts to look up", kept(QUESTIONS_MS));
    add(Kind.INPUT, names.pairMarks(), "users' words on pairs", kept(UNBOUNDED_MS));
    add(Kind.OUTPUT, names.nearDuplicates(), "verdict of each document", compacted());
    add(Kind.OUTPUT, names.clusterMembers(), "cluster of each document", compacted());
    add(Kind.OUTPUT, names.clusters(), "clusters", compacted());
    add(Kind.OUTPUT, names.encodings(), "encoding of each document", compacted());
    add(Kind.OUTPUT, names.answers(), "answers to looked-up texts", kept(QUESTIONS_MS));
    add(Kind.OUTPUT, names.deadLetters(), "documents that were refused", kept(UNBOUNDED_MS));
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
    add(Kind.INTERNAL, topic, purpose, kept(UNBOUNDED_MS));
  }

  private void addChangelogs(String id, Topology topology) {
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
              "copy of the store " + store,
              Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT)));
    }
  }

  private void add(Kind kind, Topic<?, ?> topic, String purpose, Map<String, String> options) {
    topics.add(new PlannedTopic(topic.name(), kind, partitions, purpose, options));
  }

  private Map<String, String> kept(String retentionMs) {
    return kept("LogAppendTime", retentionMs);
  }

  private Map<String, String> kept(String timestampType, String retentionMs) {
    return options(CLEANUP_POLICY_DELETE, timestampType, retentionMs);
  }

  private Map<String, String> compacted() {
    return options(CLEANUP_POLICY_COMPACT, "LogAppendTime", UNBOUNDED_MS);
  }

  private Map<String, String> options(String policy, String timestampType, String retentionMs) {
    return Map.of(
        CLEANUP_POLICY_CONFIG,
        policy,
        MESSAGE_TIMESTAMP_TYPE_CONFIG,
        timestampType,
        RETENTION_MS_CONFIG,
        retentionMs,
        MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(maxMessageBytes));
  }
}

package dev.twinstream.cluster;

import dev.twinstream.dedup.Partitioning;
import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.Topic;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EdgeChange;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** Wires the clusters. Every node, store and topic is named here. */
public final class ClusterTopology {
  static final String STATE = "cluster-state";
  static final String TO_DOCUMENTS = "to-document-messages-nodes";
  static final String TO_CLUSTERS = "to-clusters";
  static final String TO_STEPS = "to-cluster-edges-steps";

  private static final String CLUSTERS = "cluster-components";

  private ClusterTopology() {}

  /**
   * Adds the feature's nodes; the same method serves tests and production.
   *
   * @param documentMessages where documents are told their node; keyed by document id, and
   *     partitioned by it
   * @param origin differs between states that are made one after the other, as by a rebuild, since
   *     each numbers its clusters from 1; part of their ids, so keep it short
   */
  public static void addTo(
      Topology topology,
      TopicCatalogue topics,
      Topic<String, DocumentMessage> documentMessages,
      String origin) {
    Topic<String, ClusterMessage> edges = topics.clusterEdges();
    Topic<String, Cluster> clusters = topics.clusters();
    topology
        .addSource(
            "cluster-edges-source",
            edges.keySerde().deserializer(),
            edges.valueSerde().deserializer(),
            edges.name())
        .addProcessor(CLUSTERS, () -> new ClusterProcessor(origin), "cluster-edges-source")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STATE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled(),
            CLUSTERS)
        .addSink(
            TO_STEPS,
            edges.name(),
            edges.keySerde().serializer(),
            edges.valueSerde().serializer(),
            ClusterTopology::byScope,
            CLUSTERS)
        .addSink(
            TO_DOCUMENTS,
            documentMessages.name(),
            documentMessages.keySerde().serializer(),
            documentMessages.valueSerde().serializer(),
            Partitioning::byDocument,
            CLUSTERS)
        .addSink(
            TO_CLUSTERS,
            clusters.name(),
            clusters.keySerde().serializer(),
            clusters.valueSerde().serializer(),
            CLUSTERS);
  }

  /**
   * The partitioner of the topic of edge changes: by scope. Connected components need one place
   * that sees all edges, so all edges of a scope meet on one partition; documents without a scope
   * share one too. Only documents with a twin send edges, so this is a fraction of the stream.
   */
  public static Optional<Set<Integer>> byScope(
      String topic, String key, ClusterMessage message, int partitions) {
    if (message.getPayload() instanceof EdgeChange change) {
      String scope = change.getScope() == null ? "" : change.getScope();
      return Partitioning.byDocument(topic, scope, message, partitions);
    }
    return Optional.of(Set.of(message.getPartition()));
  }
}

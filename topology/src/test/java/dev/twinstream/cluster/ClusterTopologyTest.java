package dev.twinstream.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.TopicNames;
import dev.twinstream.schemas.internal.ClusterMessage;
import dev.twinstream.schemas.internal.DocumentMessage;
import dev.twinstream.schemas.internal.EdgeChange;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.SplitDue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

/** The clusters' topology: messages in, records and messages out, and the steps between. */
class ClusterTopologyTest {
  private static final TopicCatalogue TOPICS =
      TopicCatalogue.of(
          "test",
          TopicNames.standard("documents"),
          Map.of("schema.registry.url", "mock://cluster-test"),
          1 << 20);

  private static ClusterMessage message(EdgeChange change) {
    return new ClusterMessage(-1, change);
  }

  @Test
  void shouldPublishClustersAndTellDocuments() {
    Topology topology = new Topology();
    ClusterTopology.addTo(topology, TOPICS, TOPICS.documentMessages(), "origin");
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, properties)) {
      TestInputTopic<String, ClusterMessage> in =
          driver.createInputTopic(
              TOPICS.clusterEdges().name(),
              new StringSerializer(),
              TOPICS.clusterEdges().valueSerde().serializer());
      TestOutputTopic<String, Cluster> clusters =
          driver.createOutputTopic(
              TOPICS.clusters().name(),
              new StringDeserializer(),
              TOPICS.clusters().valueSerde().deserializer());
      TestOutputTopic<String, DocumentMessage> messages =
          driver.createOutputTopic(
              TOPICS.documentMessages().name(),
              new StringDeserializer(),
              TOPICS.documentMessages().valueSerde().deserializer());

      // A chain of twenty; the edge in its middle goes.
      for (int i = 1; i < 20; i++) {
        in.pipeInput("d" + i, message(Doc.of(i).pointingTo(1, Doc.of(i - 1))));
      }
      in.pipeInput("d12", message(Doc.of(12).pointingTo(2, null)));

      Map<String, Cluster> last = clusters.readKeyValuesToMap();
      assertThat(last.keySet()).allMatch(id -> id.startsWith("c0-origin-"));
      assertThat(last.values())
          .extracting(Cluster::getCanonical, Cluster::getSize, Cluster::getSettled)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("d0", 12L, true),
              org.assertj.core.groups.Tuple.tuple("d12", 8L, true));
      Map<String, String> nodes = new HashMap<>();
      messages
          .readKeyValuesToList()
          .forEach(
              record -> {
                NodeAssigned assigned = (NodeAssigned) record.value.getPayload();
                assertThat(record.key).isEqualTo(assigned.getId());
                nodes.put(record.key, assigned.getNode());
              });
      assertThat(nodes).hasSize(20);
      assertThat(last.get(nodes.get("d11")).getCanonical()).isEqualTo("d0");
      assertThat(last.get(nodes.get("d19")).getCanonical()).isEqualTo("d12");

      for (int i = 0; i < 20; i++) {
        in.pipeInput("d" + i, message(Doc.of(i).gone(3)));
      }
      assertThat(clusters.readKeyValuesToMap()).hasSize(2).containsValue(null);
      assertThat(driver.<Object, byte[]>getKeyValueStore(ClusterTopology.STATE).all())
          .toIterable()
          .as("nothing left but the partition's own record")
          .hasSize(1);
    }
  }

  @Test
  void shouldSendAllEdgesOfAScopeToOnePartition() {
    Doc inScope = new Doc("s", "a", 1);
    List<Optional<Set<Integer>>> partitions =
        List.of(partition(inScope.gone(1)), partition(new Doc("s", "b", 2).pointingTo(1, inScope)));
    assertThat(Set.copyOf(partitions)).hasSize(1);
    assertThat(partition(Doc.of(1).gone(1))).isEqualTo(partition(Doc.of(2).gone(1)));
    assertThat(ClusterTopology.byScope("t", "step", new ClusterMessage(11, new SplitDue()), 12))
        .contains(Set.of(11));
  }

  private static Optional<Set<Integer>> partition(EdgeChange change) {
    return ClusterTopology.byScope("t", change.getId(), message(change), 12);
  }
}

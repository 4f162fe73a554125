package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

/** Two applications on one cluster meet on no topic. */
class TopicOptionsTest {
  private static final Map<String, String> OWN_NAMES =
      Map.of(
          TopicOptions.CHECKS,
          "b-checks",
          TopicOptions.CHECK_RESULTS,
          "b-results",
          TopicOptions.PAIR_MARKS,
          "b-marks",
          TopicOptions.ENCODINGS,
          "b-encodings",
          TopicOptions.NEAR_DUPLICATES,
          "b-verdicts",
          TopicOptions.CLUSTER_MEMBERS,
          "b-members",
          TopicOptions.CLUSTERS,
          "b-clusters");

  private static Application application(String id, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "unused:1");
    options.put(TwinstreamConfig.APPLICATION_ID, id);
    options.put(TwinstreamConfig.DOCUMENTS_TOPIC, id + "-in");
    options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    return new Application(new TwinstreamConfig(options), 1 << 20, null);
  }

  /** Every topic that the topology reads or writes. */
  private static Set<String> topics(Application application) {
    Set<String> topics = new TreeSet<>();
    for (TopologyDescription.Subtopology part : application.topology().describe().subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          topics.addAll(source.topicSet());
        } else if (node instanceof TopologyDescription.Sink sink) {
          topics.add(sink.topic());
        }
      }
    }
    return topics;
  }

  @Test
  void shouldReadAndWriteTheNamedTopics() {
    Set<String> standard = topics(application("a", Map.of()));
    assertThat(standard).contains("checks", "check-results", "pair-marks", "near-duplicates");
    Set<String> own = topics(application("b", OWN_NAMES));
    assertThat(own)
        .hasSameSizeAs(standard)
        .allSatisfy(topic -> assertThat(topic).startsWith("b-"))
        .contains("b-checks", "b-results", "b-marks", "b-verdicts", "b-members", "b-clusters");
    assertThat(application("b", OWN_NAMES).topics().encodings().name()).isEqualTo("b-encodings");
  }

  @Test
  void shouldRefuseNamesThatKafkaDoesNotTake() {
    assertThatThrownBy(() -> application("a/b", Map.of()))
        .hasMessageContaining("application.id")
        .hasMessageContaining("dots, underscores and hyphens");
    assertThatThrownBy(() -> application("a", Map.of(TopicOptions.CLUSTERS, "")))
        .hasMessageContaining(TopicOptions.CLUSTERS);
    assertThatThrownBy(() -> application("a", Map.of(TopicOptions.REPLICATION_FACTOR, "0")))
        .hasMessageContaining("wanted at least 1, or -1");
  }

  @Test
  void shouldRefuseTheSameNameTwice() {
    assertThatThrownBy(() -> application("a", Map.of(TopicOptions.CLUSTERS, "checks")))
        .hasMessageContaining("two topics have the name checks");
  }
}

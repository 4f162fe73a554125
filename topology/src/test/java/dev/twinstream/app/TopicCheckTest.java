package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.TopicCheck.Finding;
import dev.twinstream.app.TopicCheck.Found;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One setting at a time that differs from the plan. */
class TopicCheckTest {
  private static final int PARTITIONS = 4;
  private static final int LARGEST = 67_108_864;

  private static PlannedTopic planned(String name, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "unused:1");
    options.put(TwinstreamConfig.PARTITIONS, Integer.toString(PARTITIONS));
    return TopicPlan.of(new TwinstreamConfig(options)).stream()
        .filter(topic -> topic.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What the broker says of a topic that was made as planned. */
  private static Map<String, String> asPlanned(PlannedTopic topic) {
    Map<String, String> options = new HashMap<>();
    options.put("retention.ms", "604800000");
    options.put("retention.bytes", "-1");
    options.put("segment.ms", "604800000");
    options.put("max.compaction.lag.ms", Long.toString(Long.MAX_VALUE));
    options.put("delete.retention.ms", "86400000");
    options.putAll(topic.options());
    return options;
  }

  private static List<Finding> found(
      PlannedTopic topic, int replicas, int brokers, int passedOn, Map<String, String> options) {
    return TopicCheck.of(topic, new Found(PARTITIONS, replicas, brokers, passedOn, options));
  }

  @Test
  void shouldFindNothingWhereAllIsAsPlanned() {
    Map<String, String> options = Map.of(TwinstreamConfig.BOOTSTRAP_SERVERS, "unused:1");
    for (PlannedTopic topic : TopicPlan.of(new TwinstreamConfig(options))) {
      Found asPlanned = new Found(topic.partitions(), 1, 1, LARGEST, asPlanned(topic));
      assertThat(TopicCheck.of(topic, asPlanned)).as(topic.name()).isEmpty();
    }
  }

  /** As brokers other than Kafka's own do not. */
  @Test
  void shouldPassOverWhatTheBrokerDoesNotTell() {
    for (String name : List.of("documents", "twinstream-bucket-requests", "encodings")) {
      PlannedTopic topic = planned(name, Map.of());
      Map<String, String> options = new HashMap<>(Map.of("cleanup.policy", "delete"));
      options.put("message.timestamp.type", "LogAppendTime");
      if (name.equals("encodings")) {
        options.put("cleanup.policy", "compact");
      }
      assertThat(found(topic, 1, 1, LARGEST, options)).as(name).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "documents, retention.ms, 60000, false, -1, reset and migrate",
    "checks, retention.ms, 60000, false, 86400000, not read by then",
    "checks, retention.ms, -1, false, 86400000, erasure.max.age.ms",
    "checks, cleanup.policy, compact, false, delete, erasure.max.age.ms",
    "twinstream-documents-by-id, retention.ms, 302400001, false, 302400000, erasure.max.age.ms",
    "twinstream-documents-by-id, retention.ms, 302399999, false, 302400000, not read by then",
    "twinstream-documents-by-id, retention.bytes, 1000, false, -1, not read by then",
    "twinstream-documents-by-id, segment.ms, 604800000, false, 151200000, erasure.max.age.ms",
    "documents-dlq, retention.ms, -1, false, 302400000, erasure.max.age.ms",
    "documents-dlq, retention.ms, 1000, false, 302400000, its readers have not read",
    "documents-dlq, max.message.bytes, 100000, true, 262144 at least, stops the application",
    "encodings, segment.ms, 604800000, false, 151200000, erasure.max.age.ms",
    "encodings, max.compaction.lag.ms, 9223372036854775807, false, 151200000, erasure.max.age.ms",
    "encodings, delete.retention.ms, 604800000, false, 151200000, erasure.max.age.ms",
    "documents, cleanup.policy, compact, false, delete, with one key it drops",
    "documents, max.message.bytes, 1048588, false, 67108864, producers cannot send",
    "twinstream-cluster-edges, max.message.bytes, 300000, false, 67108864, dead letters",
    "twinstream-contents-changelog, delete.retention.ms, 604800000, false, 151200000, erasure",
    "twinstream-parameters, cleanup.policy, delete, true, compact, are forgotten",
    "twinstream-contents-changelog, max.message.bytes, 1000, true, 67108864 at least, stops",
  })
  void shouldSayWhatDiffersAndWhatToDo(
      String name, String option, String value, boolean wrong, String want, String why) {
    PlannedTopic topic = planned(name, Map.of());
    Map<String, String> options = asPlanned(topic);
    options.put(option, value);
    List<Finding> findings = found(topic, 1, 1, LARGEST, options);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).wrongResults()).isEqualTo(wrong);
    assertThat(findings.get(0).sentence())
        .startsWith("topic " + name + " has " + option + " " + value + ", wanted " + want + ": ")
        .contains(why)
        .endsWith("; set it to " + want);
  }

  @Test
  void shouldPassOverWhatABrokerDoesNotSay() {
    PlannedTopic topic = planned("encodings", Map.of());
    Map<String, String> options = asPlanned(topic);
    options.remove("max.compaction.lag.ms");
    assertThat(found(topic, 1, 1, LARGEST, options)).isEmpty();
  }

  @Test
  void shouldTakeChangelogsThatHoldWhatTheInternalTopicsBring() {
    PlannedTopic changelog = planned("twinstream-contents-changelog", Map.of());
    Map<String, String> options = asPlanned(changelog);
    options.put("max.message.bytes", "1048588");
    assertThat(found(changelog, 1, 1, 1_048_588, options)).isEmpty();
    assertThat(found(changelog, 1, 1, 1_048_589, options)).hasSize(1);
  }

  @Test
  void shouldWantReplicasThatALostBrokerLeaves() {
    PlannedTopic any = planned("documents", Map.of());
    assertThat(found(any, 1, 1, LARGEST, asPlanned(any))).as("one broker").isEmpty();
    assertThat(found(any, 2, 3, LARGEST, asPlanned(any))).isEmpty();
    assertThat(found(any, 1, 3, LARGEST, asPlanned(any)))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.sentence())
                    .contains("has 1 replica in a cluster of 3 brokers, wanted 2 at least")
                    .endsWith("reassign its partitions with kafka-reassign-partitions.sh"));
    PlannedTopic three = planned("documents", Map.of(TopicOptions.REPLICATION_FACTOR, "3"));
    assertThat(found(three, 3, 3, LARGEST, asPlanned(three))).isEmpty();
    assertThat(found(three, 2, 3, LARGEST, asPlanned(three)))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.sentence())
                    .contains("has 2 replicas, wanted 3: ")
                    .endsWith("reassign its partitions with kafka-reassign-partitions.sh"));
  }
}

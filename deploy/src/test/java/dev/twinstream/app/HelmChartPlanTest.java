package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.deploy.HelmChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The topics and rights that the chart asks a Strimzi operator for are those of the plan. */
class HelmChartPlanTest {
  private static final String BARE = "{}";
  private static final String RENAMED =
      """
      application.id: news
      documents.topic: Raw_Documents
      checks.topic: lookups
      check.results.topic: 2026
      pair.marks.topic: marks.v1
      encodings.topic: vectors
      near.duplicates.topic: verdicts
      cluster.members.topic: members
      clusters.topic: groups
      internal.partitions: 48
      """;
  private static final String FORGETFUL = "erasure.max.age.ms: 86400003";
  private static final String PATIENT = "erasure.max.age.ms: \"2592000000\"";

  private static final Map<ResourceType, String> TYPES =
      Map.of(
          ResourceType.TOPIC, "topic",
          ResourceType.GROUP, "group",
          ResourceType.TRANSACTIONAL_ID, "transactionalId");
  private static final Map<AclOperation, String> OPERATIONS =
      Map.of(
          AclOperation.READ, "Read",
          AclOperation.WRITE, "Write",
          AclOperation.CREATE, "Create",
          AclOperation.DESCRIBE_CONFIGS, "DescribeConfigs");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {BARE, RENAMED, FORGETFUL, PATIENT})
  void shouldAskForTheTopicsOfThePlan(String config) throws IOException {
    Map<String, JsonNode> resources = HelmChart.render(folder, values(config));
    Map<String, PlannedTopic> wanted = new TreeMap<>();
    for (PlannedTopic topic : TopicPlan.of(config(resources))) {
      if (topic.kind() == Kind.INPUT || topic.kind() == Kind.OUTPUT) {
        wanted.put(topic.name(), topic);
      }
    }
    Map<String, JsonNode> asked = new TreeMap<>();
    resources.forEach(
        (name, resource) -> {
          if (name.startsWith("KafkaTopic/")) {
            asked.put(resource.at("/spec/topicName").textValue(), resource.get("spec"));
          }
        });
    assertThat(asked).containsOnlyKeys(wanted.keySet());
    asked.forEach(
        (name, spec) -> {
          assertThat(options(spec.get("config"))).as(name).isEqualTo(wanted.get(name).options());
          assertThat(spec.get("partitions").intValue())
              .as(name)
              .isEqualTo(wanted.get(name).partitions());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {BARE, RENAMED})
  void shouldAskForTheRightsThatAreGrantedAndNoMore(String config) throws IOException {
    Map<String, JsonNode> resources = HelmChart.render(folder, values(config));
    Set<String> asked = new TreeSet<>();
    for (JsonNode rule :
        resources.get("KafkaUser/news-twinstream").at("/spec/authorization/acls")) {
      JsonNode resource = rule.get("resource");
      String on =
          resource.get("type").textValue()
              + " "
              + resource.get("name").textValue()
              + " "
              + resource.get("patternType").textValue();
      for (JsonNode operation : rule.get("operations")) {
        assertThat(asked.add(on + " " + operation.textValue())).as(on + operation).isTrue();
      }
    }
    Set<String> granted = new TreeSet<>();
    Grants.of(config(resources), "User:news").forEach(grant -> granted.add(strimzi(grant)));
    assertThat(asked).isEqualTo(granted);
  }

  private static String values(String config) {
    return """
        strimzi: {enabled: true, cluster: main, user: {enabled: true}}
        config:
          bootstrap.servers: broker:9092
          schema.registry.url: http://registry:8081
        """
        + (config.equals(BARE) ? "" : config.indent(2));
  }

  private static TwinstreamConfig config(Map<String, JsonNode> resources) throws IOException {
    return new TwinstreamConfig(HelmChart.configuration(resources));
  }

  private static Map<String, String> options(JsonNode config) {
    Map<String, String> options = new TreeMap<>();
    config.properties().forEach(option -> options.put(option.getKey(), option.getValue().asText()));
    return options;
  }

  /** A grant in the words of a KafkaUser. */
  private static String strimzi(AclBinding grant) {
    String pattern = grant.pattern().patternType() == PatternType.PREFIXED ? "prefix" : "literal";
    return TYPES.get(grant.pattern().resourceType())
        + " "
        + grant.pattern().name()
        + " "
        + pattern
        + " "
        + OPERATIONS.get(grant.entry().operation());
  }
}

package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart as Helm renders it, held against Kubernetes' own model; and its refusals. */
class HelmChartTest {
  private static final Path CHART = Path.of("helm/twinstream");
  private static final String CLUSTER =
      """
      config:
        bootstrap.servers: broker:9092
        schema.registry.url: http://registry:8081
      """;
  private static final String EVERYTHING =
      """
      config:
        bootstrap.servers: broker:9092
        schema.registry.url: http://registry:8081
        application.id: news
        documents.topic: articles
        state.memory.bytes: 536870912
        twin.probability: 0.8
      replicas: 3
      envFrom: [{secretRef: {name: registry-password}}]
      volumes: [{name: certificates, secret: {secretName: certificates}}]
      volumeMounts: [{name: certificates, mountPath: /etc/certificates, readOnly: true}]
      gpu: {enabled: true}
      storage: {className: fast, size: 50Gi}
      autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 12}
      networkPolicy: {monitoringFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]}
      strimzi: {enabled: true, cluster: main, user: {enabled: true}}
      podMonitor: {enabled: true}
      dashboards: {enabled: true}
      """;

  /** Throws where a field is unknown, of another type, or missing. */
  private interface Model {
    void check(JsonElement resource) throws IOException;
  }

  private static final Map<String, Model> KUBERNETES =
      Map.of(
          "ConfigMap", V1ConfigMap::validateJsonElement,
          "NetworkPolicy", V1NetworkPolicy::validateJsonElement,
          "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "Service", V1Service::validateJsonElement,
          "ServiceAccount", V1ServiceAccount::validateJsonElement,
          "StatefulSet", V1StatefulSet::validateJsonElement);

  @TempDir Path folder;

  @Test
  void shouldPassHelmsOwnChecks() throws IOException {
    Path chart = folder.resolve("twinstream");
    copy(CHART, chart);
    Files.writeString(chart.resolve("values.yaml"), merged(EVERYTHING));
    LintResult result = new Helm(chart).lint().strict().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void shouldRenderWhatKubernetesTakes() throws IOException {
    assertThat(render(CLUSTER).keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap/news-twinstream",
            "NetworkPolicy/news-twinstream",
            "PodDisruptionBudget/news-twinstream",
            "Service/news-twinstream",
            "ServiceAccount/news-twinstream",
            "StatefulSet/news-twinstream");
  }

  @Test
  void shouldRenderEveryOption() throws IOException {
    Map<String, JsonNode> resources = render(EVERYTHING);
    Properties properties = new Properties();
    properties.load(
        new StringReader(
            resources.get("ConfigMap/news-twinstream").at("/data/twinstream.properties").asText()));
    assertThat(properties)
        .containsEntry("state.memory.bytes", "536870912")
        .containsEntry("twin.probability", "0.8")
        .containsEntry("application.id", "news");
    JsonNode set = resources.get("StatefulSet/news-twinstream").get("spec");
    assertThat(set.has("replicas")).as("replicas, which KEDA sets").isFalse();
    JsonNode container = set.at("/template/spec/containers/0");
    assertThat(container.at("/resources/limits/nvidia.com~1gpu").asInt()).isEqualTo(1);
    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("2Gi");
    JsonNode triggers = resources.get("ScaledObject/news-twinstream").at("/spec/triggers");
    assertThat(triggers.findValuesAsText("consumerGroup")).containsExactly("news", "news-encode");
    assertThat(resources)
        .containsKeys(
            "KafkaUser/news-twinstream",
            "PodMonitor/news-twinstream",
            "KafkaTopic/articles",
            "KafkaTopic/articles-dlq",
            "KafkaTopic/near-duplicates");
    assertThat(resources.get("KafkaTopic/clusters").at("/spec/config/cleanup.policy").asText())
        .isEqualTo("compact");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config: {schema.registry.url: 'http://r'} | config has no bootstrap.servers",
        "config: {bootstrap.servers: 'b:9092'} | config has no schema.registry.url",
        "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'mock://x'} | is a mock",
        "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'http://r', http.port: 1}"
            + " | config sets http.port",
        "{replicas: 13, CLUSTER} | there may be 13 instances, but internal.partitions is 12",
        "{replicas: 1, CLUSTER} | state.standby.replicas is 1: it wants at least 2 instances",
        "{autoscaling: {enabled: true, minReplicas: 9}, CLUSTER} | minReplicas is 9 and max",
        "{strimzi: {enabled: true}, CLUSTER} | strimzi.cluster is empty",
        "{strimzi: {user: {enabled: true}}, CLUSTER} | strimzi.enabled is false",
        "{terminationGracePeriodSeconds: 10, CLUSTER} | takes up to 30 s to end",
        "{replicas: none, CLUSTER} | replicas",
        "{replica: 2, CLUSTER} | replica",
        "{storage: {size: big}, CLUSTER} | size",
      })
  void shouldRefuseWithASentence(String values, String sentence) {
    String cluster = "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'http://r'}";
    assertThatThrownBy(() -> render(values.replace("CLUSTER", cluster)))
        .hasMessageContaining(sentence);
  }

  /** The resources by kind and name; those of Kubernetes itself are checked. */
  private Map<String, JsonNode> render(String values) throws IOException {
    Path file = Files.writeString(folder.resolve("values.yaml"), values);
    String rendered = new Helm(CHART).template().withName("news").withValuesFile(file).call();
    Map<String, JsonNode> resources = new TreeMap<>();
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    try (MappingIterator<JsonNode> documents =
        yaml.readerFor(JsonNode.class).readValues(rendered)) {
      for (JsonNode resource : documents.readAll()) {
        if (resource.isObject()) {
          String kind = resource.get("kind").asText();
          String name = resource.at("/metadata/name").asText();
          assertThat(resources.put(kind + "/" + name, resource)).as(kind + "/" + name).isNull();
          if (KUBERNETES.containsKey(kind)) {
            KUBERNETES.get(kind).check(JsonParser.parseString(resource.toString()));
          }
        }
      }
    }
    return resources;
  }

  private static String merged(String values) throws IOException {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    JsonNode all = yaml.readTree(CHART.resolve("values.yaml").toFile());
    return yaml.writeValueAsString(yaml.readerForUpdating(all).<JsonNode>readValue(values));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}

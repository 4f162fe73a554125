package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Helm renders it, held against Kubernetes' own model; and its refusals. */
class HelmChartTest {
  private static final String CLUSTER =
      """
      config:
        bootstrap.servers: broker:9092
        schema.registry.url: http://registry:8081
      """;
  private static final String OPTIONS =
      "bootstrap.servers: 'b:9092', schema.registry.url: 'http://r:8081'";
  private static final String EVERYTHING =
      """
      config:
        bootstrap.servers: broker:9092
        schema.registry.url: http://registry:8081
        application.id: news
        documents.topic: articles
        state.memory.bytes: 536870912
        twin.probability: 0.8
        topic.max.message.bytes: 8388608
      replicas: 3
      envFrom: [{secretRef: {name: registry-password}}]
      volumes: [{name: certificates, secret: {secretName: certificates}}]
      volumeMounts: [{name: certificates, mountPath: /etc/certificates, readOnly: true}]
      gpu: {enabled: true}
      storage: {className: fast, size: 50Gi}
      autoscaling: {enabled: true, minReplicas: 2, maxReplicas: 12, lag: 1000000}
      networkPolicy: {monitoringFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]}
      strimzi: {enabled: true, cluster: main, user: {enabled: true}}
      podMonitor: {enabled: true}
      dashboards: {enabled: true}
      """;

  @TempDir Path folder;

  @Test
  void shouldPassHelmsOwnChecks() throws IOException {
    Path chart = folder.resolve("twinstream");
    copy(HelmChart.FOLDER, chart);
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

  private static Map<String, String> settings(Map<String, JsonNode> resources, String topic) {
    Map<String, String> settings = new TreeMap<>();
    resources
        .get("KafkaTopic/" + topic)
        .at("/spec/config")
        .properties()
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    return settings;
  }

  @Test
  void shouldRenderEveryOption() throws IOException {
    Map<String, JsonNode> resources = render(EVERYTHING);
    assertThat(HelmChart.configuration(resources))
        .containsEntry("state.memory.bytes", "536870912")
        .containsEntry("twin.probability", "0.8")
        .containsEntry("application.id", "news");
    JsonNode set = resources.get("StatefulSet/news-twinstream").get("spec");
    assertThat(set.has("replicas")).as("replicas, which KEDA sets").isFalse();
    JsonNode container = set.at("/template/spec/containers/0");
    assertThat(container.at("/resources/limits/nvidia.com~1gpu").asInt()).isEqualTo(1);
    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("2304Mi");
    JsonNode triggers = resources.get("ScaledObject/news-twinstream").at("/spec/triggers");
    assertThat(triggers.findValuesAsText("consumerGroup")).containsExactly("news", "news-encode");
    assertThat(triggers.findValuesAsText("lagThreshold")).containsOnly("1000000");
    assertThat(resources)
        .containsKeys(
            "KafkaUser/news-twinstream",
            "PodMonitor/news-twinstream",
            "KafkaTopic/articles",
            "KafkaTopic/articles-dlq",
            "KafkaTopic/near-duplicates");
    assertThat(resources.get("KafkaTopic/clusters").at("/spec/config/cleanup.policy").asText())
        .isEqualTo("compact");
    assertThat(settings(resources, "clusters"))
        .containsEntry("max.message.bytes", "8388608")
        .containsEntry("segment.ms", "151200000")
        .containsEntry("max.compaction.lag.ms", "151200000")
        .containsEntry("delete.retention.ms", "151200000");
    assertThat(settings(resources, "articles-dlq"))
        .containsEntry("retention.ms", "302400000")
        .containsEntry("segment.ms", "151200000");
    assertThat(settings(resources, "articles"))
        .containsEntry("retention.ms", "-1")
        .doesNotContainKey("segment.ms");
  }

  /** KEDA would find a group without offsets as far behind as can be, for ever. */
  @Test
  void shouldScaleByTheEncodersLagOnlyWhereThereIsOne() throws IOException {
    String values = CLUSTER + "  encoder.bundle: none\nautoscaling: {enabled: true}\n";
    JsonNode triggers = render(values).get("ScaledObject/news-twinstream").at("/spec/triggers");
    assertThat(triggers.findValuesAsText("consumerGroup")).containsExactly("twinstream");
  }

  /** Helm's own library cannot be told here what a cluster serves: a copy of the chart is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | v1",
        "kafka.strimzi.io/v1beta2 | v1beta2",
        "kafka.strimzi.io/v1beta2 kafka.strimzi.io/v1 | v1",
        "kafka.strimzi.io/v1 | v1",
      })
  void shouldAskStrimziInTheVersionThatTheClusterServes(String served, String version)
      throws IOException {
    Path chart = folder.resolve("twinstream");
    copy(HelmChart.FOLDER, chart);
    if (served != null) {
      String told =
          "{{- $_ := set $ \"Capabilities\" (dict \"APIVersions\" (splitList \" \" \"%s\")) }}\n"
              .formatted(served);
      for (String file : List.of("kafkatopics.yaml", "kafkauser.yaml")) {
        Path template = chart.resolve("templates").resolve(file);
        Files.writeString(template, told + Files.readString(template));
      }
    }
    Map<String, JsonNode> resources = HelmChart.render(chart, "news", folder, EVERYTHING);
    for (String name : List.of("KafkaTopic/articles", "KafkaUser/news-twinstream")) {
      assertThat(resources.get(name).get("apiVersion").asText())
          .isEqualTo("kafka.strimzi.io/" + version);
    }
  }

  /** Brokers before Kafka 4.4 refuse a static member that speaks the streams protocol. */
  @ParameterizedTest
  @CsvSource({"classic, true", "streams, false", "Streams, false"})
  void shouldMakeInstancesStaticMembersWhereEveryBrokerTakesThem(String protocol, boolean asStatic)
      throws IOException {
    JsonNode arguments =
        render(CLUSTER + "  group.protocol: " + protocol + "\n")
            .get("StatefulSet/news-twinstream")
            .at("/spec/template/spec/containers/0/args");
    List<String> options = new ArrayList<>();
    arguments.forEach(argument -> options.add(argument.asText()));
    assertThat(options.contains("group.instance.id=$(POD_NAME)")).isEqualTo(asStatic);
    assertThat(options.stream().filter("--set"::equals)).hasSize(asStatic ? 3 : 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "config: {schema.registry.url: 'http://r:8081'} | config has no bootstrap.servers",
        "config: {bootstrap.servers: 'b:9092'} | config has no schema.registry.url",
        "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'mock://x'} | is a mock",
        "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'http://r:8081', http.port: 1}"
            + " | config sets http.port",
        "config: {group.protocol: streams, group.instance.id: one, OPTIONS}"
            + " | config sets group.instance.id",
        "{replicas: 13, CLUSTER} | there may be 13 instances, but internal.partitions is 12",
        "{replicas: 1, CLUSTER} | state.standby.replicas is 1: it wants at least 2 instances",
        "{autoscaling: {enabled: true, minReplicas: 9}, CLUSTER} | minReplicas is 9 and max",
        "{autoscaling: {enabled: true},"
            + " config: {bootstrap.servers: '${env:B}:9092', schema.registry.url: 'http://r:8081'}}"
            + " | bootstrap.servers is ${env:B}:9092, which KEDA takes as it stands",
        "{autoscaling: {enabled: true}, config: {application.id: '${env:ID}', OPTIONS}}"
            + " | application.id is ${env:ID}, which KEDA takes as it stands",
        "{strimzi: {enabled: true}, CLUSTER} | strimzi.cluster is empty",
        "{strimzi: {user: {enabled: true}}, CLUSTER} | strimzi.enabled is false",
        "{strimzi: {enabled: true, cluster: main, user: {enabled: true}},"
            + " config: {application.id: '${env:ID}', OPTIONS}}"
            + " | application.id is ${env:ID}, which Strimzi takes as it stands",
        "{terminationGracePeriodSeconds: 10, CLUSTER} | takes up to 50 s to end",
        "{replicas: none, CLUSTER} | replicas",
        "{replica: 2, CLUSTER} | replica",
        "{storage: {size: big}, CLUSTER} | size",
        "{autoscaling: {cooldownSeconds: 7200}, CLUSTER} | 3600",
        "config: {bootstrap.servers: 'b:9092', hash.seed: 1234567890123456789}"
            + " | hash.seed is a number of more digits than Helm keeps",
        "config: {bootstrap.servers: 'b:9092', hash.seed: -9007199254740993}"
            + " | hash.seed is a number of more digits than Helm keeps",
        "config: {bootstrap.servers: 'b:9092', schema.registry.url: 'http://u:p@r/ccompat'}"
            + " | schema.registry.url wants port 80, which networkPolicy.ports does not have",
        "{networkPolicy: {ports: [9092]}, config: {bootstrap.servers: 'b:9092',"
            + " schema.registry.url: 'https://r'}} | wants port 443",
        "config: {bootstrap.servers: 'b:9092,c:9095', schema.registry.url: 'http://r:8081'}"
            + " | bootstrap.servers wants port 9095",
        "config: {sasl.oauthbearer.token.endpoint.url: 'https://i:8443/token', OPTIONS}"
            + " | sasl.oauthbearer.token.endpoint.url wants port 8443",
        "config: {consumer.sasl.oauthbearer.jwks.endpoint.url: 'http://i/keys', OPTIONS}"
            + " | consumer.sasl.oauthbearer.jwks.endpoint.url wants port 80,",
        "{networkPolicy: {ports: [9092, 8081]},"
            + " config: {bearer.auth.issuer.endpoint.url: 'HTTPS://i/token', OPTIONS}}"
            + " | bearer.auth.issuer.endpoint.url wants port 443",
        "config: {schema.registry.bearer.auth.issuer.endpoint.url: 'http://i:8180', OPTIONS}"
            + " | schema.registry.bearer.auth.issuer.endpoint.url wants port 8180",
        "{STRIMZI, config: {documents.topic: a_b, checks.topic: A-b, OPTIONS}}"
            + " | topics a_b and A-b would both be the KafkaTopic a-b",
        "{STRIMZI, config: {documents.topic: '${env:INPUT}', OPTIONS}}"
            + " | the topic ${env:INPUT} has no name that Kafka takes",
        "{STRIMZI, config: {erasure.max.age.ms: 7 days, OPTIONS}} | erasure.max.age.ms is 7 days",
      })
  void shouldRefuseWithASentence(String values, String sentence) {
    String all =
        values
            .replace("STRIMZI", "strimzi: {enabled: true, cluster: main}")
            .replace("CLUSTER", "config: {OPTIONS}")
            .replace("OPTIONS", OPTIONS);
    assertThatThrownBy(() -> render(all)).hasMessageContaining(sentence);
  }

  @Test
  void shouldNameWhatTheResetThatIsShownStopsAndDeletes() throws IOException {
    Map<String, JsonNode> resources =
        HelmChart.render(HelmChart.FOLDER, "twins", folder, EVERYTHING);
    String shown = Files.readString(Path.of("README.md"));
    for (String resource : List.of("StatefulSet", "ConfigMap", "ScaledObject")) {
      assertThat(resources).containsKey(resource + "/twins-twinstream");
      assertThat(shown).contains(resource.toLowerCase(Locale.ROOT) + "/twins-twinstream");
    }
    assertThat(resources.get("ConfigMap/twins-twinstream").get("data").has("twinstream.properties"))
        .isTrue();
    List<String> selector = new ArrayList<>();
    resources
        .get("StatefulSet/twins-twinstream")
        .at("/spec/selector/matchLabels")
        .properties()
        .forEach(label -> selector.add(label.getKey() + "=" + label.getValue().asText()));
    assertThat(shown)
        .as("claims have the set's selector as their labels")
        .contains("--selector " + String.join(",", selector) + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "news.eu, news-eu-twinstream",
    "my.twinstream, my-twinstream",
    "true, true-twinstream",
    "a-name-of-which-what-is-left-would-end-in-hyphen--s,"
        + "a-name-of-which-what-is-left-would-end-in-hyphen",
  })
  void shouldNameResourcesAsServicesMayBe(String release, String name) throws IOException {
    Map<String, JsonNode> resources = HelmChart.render(HelmChart.FOLDER, release, folder, CLUSTER);
    assertThat(resources).containsKeys("Service/" + name, "StatefulSet/" + name);
    resources.values().stream()
        .flatMap(resource -> resource.findValues("app.kubernetes.io/instance").stream())
        .forEach(
            label -> {
              assertThat(label.isTextual()).as(label + ", a label").isTrue();
              assertThat(label.textValue()).isEqualTo(release);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"2nd", "1234", "1.twinstream"})
  void shouldRefuseANameThatNoServiceMayHave(String release) {
    assertThatThrownBy(() -> HelmChart.render(HelmChart.FOLDER, release, folder, CLUSTER))
        .hasMessageContaining(
            "the release is named %s, and its Service would be %s",
            release, release.contains(".") ? "1-twinstream" : release + "-twinstream");
  }

  @Test
  void shouldNameTopicsAsKubernetesAllows() throws IOException {
    Map<String, JsonNode> resources =
        render(
            CLUSTER
                + """
                    documents.topic: Raw_Documents
                    clusters.topic: _a._b.
                  strimzi: {enabled: true, cluster: main}
                  """
                    .stripIndent());
    assertThat(resources).containsKeys("KafkaTopic/raw-documents", "KafkaTopic/a.b");
    assertThat(resources.get("KafkaTopic/raw-documents").at("/spec/topicName").asText())
        .isEqualTo("Raw_Documents");
    assertThat(resources.get("KafkaTopic/raw-documents-dlq").at("/spec/topicName").asText())
        .isEqualTo("Raw_Documents-dlq");
  }

  @Test
  void shouldSayWhichTopicsAreReadAndWritten() throws IOException {
    String values = CLUSTER + "  documents.topic: articles\n  encodings.topic: vectors\n";
    assertThat(HelmChart.notes(folder, values))
        .contains(
            "reads the topic articles and writes near-duplicates, cluster-members, clusters and"
                + " vectors.");
  }

  @Test
  void shouldGiveTheApplicationEachValueAsItWasWritten() throws IOException {
    String certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    String values =
        CLUSTER
            + "  ssl.truststore.certificates: |\n"
            + certificate.indent(4)
            + "  sasl.jaas.config: 'Module required password=\"a\\nb\\\";'\n"
            + "  hash.seed: '1234567890123456789'\n";
    assertThat(HelmChart.configuration(render(values)))
        .containsEntry("ssl.truststore.certificates", certificate)
        .containsEntry("sasl.jaas.config", "Module required password=\"a\\nb\\\";")
        .containsEntry("hash.seed", "1234567890123456789")
        .containsEntry("bootstrap.servers", "broker:9092");
  }

  @Test
  void shouldTakeAnotherSerdeWithoutARegistry() throws IOException {
    String values = "config: {bootstrap.servers: 'b:9092', avro.serde.class: org.example.Serde}";
    assertThat(HelmChart.configuration(render(values)))
        .containsEntry("avro.serde.class", "org.example.Serde")
        .doesNotContainKey("schema.registry.url");
  }

  @Test
  void shouldLetNothingOutWhereNoPortIsNamed() throws IOException {
    JsonNode egress = egress(render(CLUSTER + "networkPolicy: {ports: []}\n"));
    assertThat(egress).hasSize(1);
    assertThat(egress.findValuesAsText("port")).containsExactly("53", "53");
    assertThat(egress(render(CLUSTER)).findValuesAsText("port")).contains("9092", "8081");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bootstrap.servers: '${env:BROKERS}', schema.registry.url: '${env:REGISTRY}'",
        "bootstrap.servers: '${env:HOST}:9092', schema.registry.url: 'https://${env:HOST_PORT}'",
        "bootstrap.servers: '[::1]:9092', schema.registry.url: 'http://[::1]:8081/a/, https://r'",
        "bootstrap.servers: 'SSL://b:9093', schema.registry.url: 'https://u:12@r:443/a?b=c:1'",
        "sasl.oauthbearer.token.endpoint.url: 'https://i/token',"
            + " sasl.oauthbearer.jwks.endpoint.url: 'file:///etc/keys.json',"
            + " bearer.auth.issuer.endpoint.url: '${env:ISSUER}', "
            + OPTIONS,
      })
  void shouldTakeAddressesWhosePortsAreOpenOrUnknown(String options) throws IOException {
    assertThat(render("config: {" + options + "}")).isNotEmpty();
  }

  private static JsonNode egress(Map<String, JsonNode> resources) {
    return resources.get("NetworkPolicy/news-twinstream").at("/spec/egress");
  }

  private Map<String, JsonNode> render(String values) throws IOException {
    return HelmChart.render(folder, values);
  }

  private static String merged(String values) throws IOException {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    JsonNode all = yaml.readTree(HelmChart.FOLDER.resolve("values.yaml").toFile());
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

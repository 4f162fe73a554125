package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
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

/** What Helm makes of the chart. */
public final class HelmChart {
  static final Path FOLDER = Path.of("helm/twinstream");
  private static final String RELEASE = "news";

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

  private HelmChart() {}

  /**
   * The resources of the release {@code news} by kind and name; those of Kubernetes itself are
   * checked.
   *
   * @param folder takes the values as a file
   * @param values YAML, over those of the chart
   */
  public static Map<String, JsonNode> render(Path folder, String values) throws IOException {
    return render(FOLDER, RELEASE, folder, values);
  }

  /** The same of a copy of the chart, or under another name. */
  static Map<String, JsonNode> render(Path chart, String release, Path folder, String values)
      throws IOException {
    String rendered =
        new Helm(chart).template().withName(release).withValuesFile(file(folder, values)).call();
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

  /** The application's configuration, as it reads it from what was rendered. */
  public static Properties configuration(Map<String, JsonNode> resources) throws IOException {
    Properties properties = new Properties();
    properties.load(
        new StringReader(
            resources.get("ConfigMap/news-twinstream").at("/data/twinstream.properties").asText()));
    return properties;
  }

  /** What Helm prints once the release is installed. */
  static String notes(Path folder, String values) throws IOException {
    return new Helm(FOLDER)
        .install()
        .withName(RELEASE)
        .withValuesFile(file(folder, values))
        .clientOnly()
        .dryRun()
        .debug()
        .call()
        .getOutput();
  }

  private static Path file(Path folder, String values) throws IOException {
    return Files.writeString(folder.resolve("values.yaml"), values);
  }
}

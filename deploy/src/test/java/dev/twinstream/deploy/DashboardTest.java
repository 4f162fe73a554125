package dev.twinstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the dashboard asks Prometheus for. */
class DashboardTest {
  private static List<JsonNode> targets() throws IOException {
    List<JsonNode> targets = new ArrayList<>();
    new ObjectMapper()
        .readTree(HelmChart.FOLDER.resolve("dashboards/twinstream.json").toFile())
        .get("panels")
        .forEach(panel -> panel.get("targets").forEach(targets::add));
    return targets;
  }

  private static String expression(String metric) throws IOException {
    return targets().stream()
        .map(target -> target.get("expr").textValue())
        .filter(expression -> expression.contains(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldTakeRatesOverSeveralReadingsOfThePodMonitor() throws IOException {
    String interval =
        new ObjectMapper(new YAMLFactory())
            .readTree(HelmChart.FOLDER.resolve("values.yaml").toFile())
            .at("/podMonitor/interval")
            .textValue();
    for (JsonNode target : targets()) {
      String expression = target.get("expr").textValue();
      if (expression.contains("rate(")) {
        assertThat(expression).contains("[$__rate_interval]");
        assertThat(target.get("interval").textValue()).as(expression).isEqualTo(interval);
      }
    }
  }

  @Test
  void shouldCountTheSharedCacheOnceAndNoRestoringAsLag() throws IOException {
    assertThat(expression("block_cache_usage")).startsWith("max by (instance)");
    assertThat(expression("records_lag")).contains("{client_id!~\".*restore-consumer\"}");
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Texts of 200 words inside texts of 4,000, through the command. */
class ContainmentTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static String around(String part, Random random) {
    return Texts.random(random, 1_500) + " " + part + " " + Texts.random(random, 2_300);
  }

  private static String edited(String text, Random random) {
    String[] words = text.split(" ");
    for (int i = 0; i < words.length; i += 40) {
      words[i] = Texts.random(random, 1);
    }
    return String.join(" ", words);
  }

  private static String row(String id, String text) {
    return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}";
  }

  private Path rows() throws IOException {
    Random random = new Random(7);
    String later = Texts.random(random, 200);
    String earlier = Texts.random(random, 200);
    String orphan = Texts.random(random, 200);
    String half = later.substring(0, later.length() / 2) + Texts.random(random, 100);
    return Files.write(
        folder.resolve("in.jsonl"),
        List.of(
            row("long first", around(later, random)),
            row("short first", earlier),
            row("to be deleted", around(orphan, random)),
            row("short later", later),
            row("long later", around(earlier, random)),
            row("edited", edited(later, random)),
            row("half", half),
            row("orphan", orphan),
            "{\"id\":\"to be deleted\",\"deleted\":true}"));
  }

  private Map<String, JsonNode> dedup(Path input, String... options) throws IOException {
    Path output = folder.resolve("out.jsonl");
    List<String> arguments = new ArrayList<>(List.of("--input", input.toString()));
    arguments.addAll(List.of("--output", output.toString(), "--lexical-only"));
    for (String option : options) {
      arguments.addAll(List.of("--set", option));
    }
    int status = new CommandLine(new DedupCommand()).execute(arguments.toArray(String[]::new));
    assertThat(status).isZero();
    Map<String, JsonNode> rows = new HashMap<>();
    for (String line : Files.readAllLines(output)) {
      JsonNode row = JSON.readTree(line);
      rows.put(row.get("id").asText(), row);
    }
    return rows;
  }

  private static String verdict(JsonNode row) {
    return row.get("verdict").asText() + " " + row.get("duplicateOf").asText();
  }

  @Test
  void shouldFindShortTextsInLongOnesInEitherOrder() throws IOException {
    Map<String, JsonNode> rows = dedup(rows(), "dedup.containment=winnowed");
    assertThat(verdict(rows.get("short later"))).isEqualTo("contained long first");
    assertThat(verdict(rows.get("long later"))).isEqualTo("contained short first");
    for (String id : List.of("short later", "long later")) {
      assertThat(rows.get(id).get("containment").asDouble()).isEqualTo(1);
      assertThat(rows.get(id).get("probability").asDouble()).isGreaterThan(0.99);
      assertThat(rows.get(id).get("cluster").asText()).isEqualTo(id);
    }
    assertThat(verdict(rows.get("edited"))).isEqualTo("near short later");
    assertThat(verdict(rows.get("half"))).doesNotContain("long first");
    assertThat(verdict(rows.get("orphan"))).isEqualTo("unique null");
  }

  @Test
  void shouldClusterThemWhereToldTo() throws IOException {
    Map<String, JsonNode> rows =
        dedup(rows(), "dedup.containment=winnowed", "cluster.contained=true");
    assertThat(verdict(rows.get("short later"))).isEqualTo("contained long first");
    for (String id : List.of("short later", "edited")) {
      assertThat(rows.get(id).get("cluster").asText()).isEqualTo("long first");
    }
    assertThat(rows.get("long later").get("cluster").asText()).isEqualTo("short first");
    assertThat(rows.get("orphan").get("cluster").asText()).isEqualTo("orphan");
  }

  @Test
  void shouldNotLookForThemUnlessToldTo() throws IOException {
    Map<String, JsonNode> rows = dedup(rows(), "dedup.containment=none");
    assertThat(verdict(rows.get("short later"))).isEqualTo("unique null");
    assertThat(verdict(rows.get("long later"))).isEqualTo("unique null");
  }
}

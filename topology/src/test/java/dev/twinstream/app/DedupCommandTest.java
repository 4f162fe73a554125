package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.app.io.RowWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as users type it, on a broker with default limits. */
class DedupCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private int dedup(Path input, Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--input", input.toString(), "--output", output.toString()));
    arguments.addAll(List.of(more));
    return new CommandLine(new DedupCommand()).execute(arguments.toArray(new String[0]));
  }

  private static String row(String id, String text, String more) {
    return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"" + more + "}";
  }

  /** Each row a hard one, and what becomes of it. */
  private Path hardRows() throws IOException {
    Random random = new Random(5);
    String text = Texts.random(random, 200);
    String near = Texts.withLastWordsChanged(text, 10, random);
    StringBuilder big = new StringBuilder();
    while (big.length() < 20_000_000) {
      big.append(Texts.random(random, 1000)).append(' ');
    }
    return Files.write(
        folder.resolve("hard.jsonl"),
        List.of(
            row("first", text, ""),
            "nonsense",
            row("near", near, ""),
            row("big", big.toString(), ""),
            row("other tenant", text, ",\"scope\":\"t\""),
            row("gone", text, ""),
            row("copy of gone", text, ""),
            row("words", "word ".repeat(1_000_000), ""),
            row("changed", text, ""),
            row("old", Texts.random(random, 50) + " " + text, ",\"published_at\":\"1954-01-01\""),
            row("future", text, ",\"published_at\":\"2099-01-01\""),
            row("changed", Texts.random(random, 80), ""),
            "{\"id\":\"gone\",\"deleted\":true}",
            row("nul", "a\\u0000b", ""),
            row("empty", "", ""),
            row("blank", " \\n\\t ", "")));
  }

  private List<JsonNode> verdicts(Path input, String... more) throws IOException {
    Path output = folder.resolve("verdicts.jsonl");
    String[] options = Arrays.copyOf(more, more.length + 1);
    options[more.length] = "--lexical-only";
    assertThat(dedup(input, output, options)).isZero();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }

  @Test
  void shouldNameDocumentsThatExpiredMeanwhile() throws IOException {
    Random random = new Random(6);
    List<String> lines = new ArrayList<>();
    String twin = Texts.random(random, 80);
    for (int day = 1; day <= 28; day++) {
      String text = day <= 2 ? twin : Texts.random(random, 80);
      lines.add(row("day" + day, text, String.format(",\"published_at\":\"2026-02-%02d\"", day)));
    }
    lines.add(row("gone", twin, ",\"published_at\":\"2026-02-28\""));
    lines.add("{\"id\":\"gone\",\"deleted\":true}");
    Path clusters = folder.resolve("clusters.jsonl");
    List<JsonNode> rows =
        verdicts(
            Files.write(folder.resolve("month.jsonl"), lines),
            "--set",
            "retention.ms=172800000",
            "--clusters",
            clusters.toString());
    assertThat(rows.stream().map(r -> r.get("id").asText()))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 28).mapToObj(day -> "day" + day).toList());
    assertThat(rows.get(0).get("verdict").asText()).isEqualTo("unique");
    assertThat(rows.get(1).get("duplicateOf").asText()).isEqualTo("day1");
    assertThat(rows).allSatisfy(row -> assertThat(row.get("cluster").isTextual()).isTrue());
    assertThat(Files.readAllLines(clusters)).hasSize(28);
  }

  @Test
  void shouldOrderDocumentsOfTheLastHoursByTheirTimes() throws IOException {
    Random random = new Random(7);
    String text = Texts.random(random, 80);
    long hour = 3_600_000;
    long now = System.currentTimeMillis();
    Path input =
        Files.write(
            folder.resolve("recent.jsonl"),
            List.of(
                row("later", text, ",\"published_at\":" + (now - 2 * hour)),
                row("earlier", text, ",\"published_at\":" + (now - 5 * hour))));
    List<JsonNode> rows = verdicts(input);
    assertThat(rows.get(0).get("duplicateOf").asText()).isEqualTo("earlier");
    assertThat(rows.get(1).get("verdict").asText()).isEqualTo("unique");
  }

  @Test
  void shouldGiveOneLineADocumentInInputOrderTheSameEachTime() throws IOException {
    Path input = hardRows();
    Path output = folder.resolve("out.jsonl");
    Path clusters = folder.resolve("clusters.jsonl");
    assertThat(dedup(input, output, "--clusters", clusters.toString(), "--strict")).isEqualTo(3);
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      rows.add(JSON.readTree(line));
    }
    assertThat(rows.stream().map(r -> r.get("id").asText()))
        .containsExactly(
            "first",
            "near",
            "big",
            "other tenant",
            "copy of gone",
            "words",
            "changed",
            "old",
            "future",
            "nul",
            "empty",
            "blank");
    assertTwin(rows.get(0), "near", "old");
    assertTwin(rows.get(1), "near", "first");
    assertTwin(rows.get(2), "unique", null);
    assertTwin(rows.get(3), "unique", null);
    assertTwin(rows.get(4), "exact", "first");
    assertTwin(rows.get(5), "unique", null);
    assertTwin(rows.get(6), "unique", null);
    assertTwin(rows.get(7), "unique", null);
    assertTwin(rows.get(8), "exact", "first");
    assertThat(rows.get(4).get("cosine").asDouble()).isEqualTo(1);
    assertThat(rows.get(4).get("cluster").asText()).isEqualTo("old");
    assertThat(Files.readAllLines(clusters)).hasSize(rows.size());

    Path again = folder.resolve("again.jsonl.gz");
    assertThat(dedup(input, again)).isZero();
    try (java.io.InputStream in = new java.util.zip.GZIPInputStream(Files.newInputStream(again))) {
      assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(output));
    }
  }

  private static void assertTwin(JsonNode row, String verdict, String twin) {
    assertThat(row.get("verdict").asText()).as(row.toString()).isEqualTo(verdict);
    assertThat(row.get("duplicateOf").isNull() ? null : row.get("duplicateOf").asText())
        .isEqualTo(twin);
  }

  /** Encodings alone bring texts together here. */
  @Test
  void shouldFindTwinsByTheKeysOfEachSemanticFamily() throws IOException {
    Random random = new Random(6);
    String text = Texts.random(random, 200);
    Path input =
        Files.write(
            folder.resolve("semantic.jsonl"),
            List.of(
                row("first", text, ""),
                row("other", Texts.random(random, 100), ""),
                row("near", Texts.withLastWordsChanged(text, 10, random), "")));
    for (String family : List.of("hyperplanes", "euclidean")) {
      Path output = folder.resolve(family);
      int status =
          dedup(
              input,
              output,
              "--set",
              "dedup.keys=semantic",
              "--set",
              "semantic.family=" + family,
              "--set",
              "semantic.functions=8",
              "--set",
              "encoder.max.tokens=512");
      assertThat(status).isZero();
      List<String> lines = Files.readAllLines(output);
      assertTwin(JSON.readTree(lines.get(1)), "unique", null);
      assertTwin(JSON.readTree(lines.get(2)), "near", "first");
    }
  }

  /** Its row for {@code big} is larger than a record may be, and its last rows are cut off. */
  private Path hugeAndBroken() throws IOException {
    Random random = new Random(7);
    Path input = folder.resolve("broken.jsonl.gz");
    try (RowWriter rows = RowWriter.open(input.toString())) {
      rows.write(Map.of("id", "first", "text", "one two three four five"));
      rows.write(Map.of("id", "big", "text", "word ".repeat(14_000_000)));
      rows.write(Map.of("id", "copy", "text", "one two three four five"));
      for (int i = 0; i < 20; i++) {
        rows.write(Map.of("id", "other " + i, "text", Texts.random(random, 2_000)));
      }
    }
    byte[] bytes = Files.readAllBytes(input);
    return Files.write(input, Arrays.copyOf(bytes, bytes.length - 5_000));
  }

  @Test
  void shouldGoOnBehindARowThatIsTooLargeAndFailWhereTheInputBreaksOff() throws IOException {
    Path input = hugeAndBroken();
    Path output = folder.resolve("whole.jsonl");
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(dedup(input, output, "--lexical-only", "--strict")).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(input + ":2: document big has 700000")
        .contains("bytes; at most 67092480 can be sent: shorten it")
        .containsPattern("broken.jsonl.gz:\\d+: the file breaks off: ")
        .contains("2 bad rows");
    List<String> rows = Files.readAllLines(output);
    assertThat(rows).hasSizeBetween(3, 21);
    assertTwin(JSON.readTree(rows.get(0)), "unique", null);
    assertTwin(JSON.readTree(rows.get(1)), "exact", "first");
  }

  @Test
  void shouldTakeAPageForItsTextWhereMarkupIsStripped() throws IOException {
    Path input =
        Files.write(
            folder.resolve("pages.jsonl"),
            List.of(
                row("text", "Hello & you", ""),
                row("page", "<p class='x'>Hello &amp; you</p>", ""),
                row("nothing", "<p></p>", "")));
    Path output = folder.resolve("out.jsonl");
    assertThat(dedup(input, output, "--lexical-only", "--set", "text.markup=strip")).isZero();
    List<String> rows = Files.readAllLines(output);
    assertTwin(JSON.readTree(rows.get(1)), "exact", "text");
    assertTwin(JSON.readTree(rows.get(2)), "unique", null);
  }

  @Test
  void shouldSayWhatIsWrongWithTheConfiguration() throws IOException {
    Path input = Files.writeString(folder.resolve("one.jsonl"), row("a", "b", ""));
    assertThat(dedup(input, folder.resolve("o"), "--probability", "1.5")).isEqualTo(1);
    assertThat(dedup(folder.resolve("nowhere"), folder.resolve("o"))).isEqualTo(1);
    String whole = Files.readString(input);
    assertThat(dedup(input, input)).as("the output is the input").isEqualTo(1);
    assertThat(dedup(input, folder.resolve("o"), "--clusters", input.toString())).isEqualTo(1);
    assertThat(input).hasContent(whole);
    Path output = folder.resolve("o");
    assertThat(dedup(input, output, "--clusters", output.toString()))
        .as("one file for both outputs")
        .isEqualTo(1);
  }
}

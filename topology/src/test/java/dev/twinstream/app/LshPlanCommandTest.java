package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.lsh.Banding;
import dev.twinstream.model.Bundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command {@code lsh plan}. */
class LshPlanCommandTest {
  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    CommandLine commands = new CommandLine(new LshPlanCommand());
    commands.setOut(new PrintWriter(out));
    commands.setErr(new PrintWriter(out));
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          out.append(error.getMessage());
          return 1;
        });
    return commands.execute(arguments);
  }

  @Test
  void shouldPrintTableAndPlot() {
    assertThat(run("plan", "--threshold", "0.35")).isZero();
    assertThat(out.toString())
        .startsWith(
            "minhash, threshold 0.35 (Jaccard similarity): "
                + banding().bands()
                + " bands of "
                + banding().rows()
                + " rows")
        .contains("recall at the threshold: 0.9")
        .contains("false candidates a document at 1,000,000 stored: ")
        .contains("      1.00      1.0000")
        .contains(" 1.0 |")
        .doesNotContain("warning");
  }

  /** What the application does at its defaults. */
  private static Banding banding() {
    return new TwinstreamConfig(Map.of("bootstrap.servers", "localhost:1")).dedup().banding();
  }

  @Test
  void shouldMeasureTextsForAPlan(@TempDir Path folder) throws IOException {
    Path texts =
        Files.writeString(
            folder.resolve("t.jsonl"),
            """
        {"id": "a", "text": "one two three four five six"}
        {"id": "b", "text": "none of these is there"}
        {"id": "c", "text": "two three four and then much else of another kind altogether"}
        """);
    Path measured = folder.resolve("measured.txt");
    assertThat(run("unrelated", "--input=" + texts, "--output=" + measured)).isZero();
    // One of 4 and 9 shingles in common.
    assertThat(Files.readAllLines(measured)).containsExactly("0.0000 2", "0.0835 1");
    assertThat(run("plan", "--threshold=0.5", "--unrelated=" + measured)).isZero();
    assertThat(out.toString()).contains("warning: over 200 false candidates a document");
  }

  /** The built-in distribution foretells false candidates where no file is named. */
  @Test
  void shouldKeepTheBudgetOfTheBuiltInModel() {
    assertThat(
            run(
                "plan",
                "--family=cross-polytope",
                "--threshold=0.85",
                "--probes=40",
                "--stored=10000"))
        .isZero();
    assertThat(out.toString())
        .contains("cross-polytope, threshold 0.85 (cosine): 8 tables of ")
        .contains("false candidates a document at 10,000 stored: ")
        .doesNotContain("warning: over");
  }

  @Test
  void shouldWarnOfLostTwinsAndOfFalseCandidates(@TempDir Path folder) throws IOException {
    Path unrelated = folder.resolve("unrelated.txt");
    Files.writeString(unrelated, "0.1\n0.99\n\n");
    assertThat(
            run(
                "plan",
                "--threshold=0.8",
                "--family=hyperplanes",
                "--tables=2",
                "--probes=4",
                "--miss-weight=0.5",
                "--false-candidate-weight=0.5",
                "--unrelated=" + unrelated))
        .isZero();
    assertThat(out.toString())
        .contains("2 keys stored, 4 more looked under")
        .contains("false candidates a document at 1,000,000 stored: ")
        .contains("warning: over 200 false candidates a document")
        .contains("warning: of twins at the threshold only ");
  }

  /** With more than the application takes it would not end. */
  @Test
  void shouldPlanWithinTheRangesOfTheApplication() {
    for (int permutations : new int[] {15, 1025, Integer.MAX_VALUE}) {
      assertThat(run("plan", "--threshold=0.5", "--permutations=" + permutations)).isEqualTo(1);
      assertThat(out.toString())
          .endsWith("--permutations is 16 to 1024, as in the application, found " + permutations);
    }
    assertThat(run("plan", "--threshold=0.5", "--bands-max=1025")).isEqualTo(1);
    assertThat(out.toString()).endsWith("as in the application, found 1025");
    for (String option : List.of(TwinstreamConfig.PERMUTATIONS, TwinstreamConfig.MOST_BANDS)) {
      Map<String, String> most = Map.of("bootstrap.servers", "localhost:1", option, "1024");
      Map<String, String> more = Map.of("bootstrap.servers", "localhost:1", option, "1025");
      assertThat(new TwinstreamConfig(most).getInt(option)).isEqualTo(1024);
      assertThatThrownBy(() -> new TwinstreamConfig(more)).hasMessageContaining("1024");
    }
  }

  /** Digits are those that other programs read, whatever the language. */
  @Test
  void shouldPrintNumbersTheSameInAnyLanguage() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(run("plan", "--threshold=0.9", "--family=euclidean", "--probes=4")).isZero();
    } finally {
      Locale.setDefault(before);
    }
    assertThat(out.toString()).containsPattern("width of a step: [0-9]+ ");
  }

  private static Path bundle(Path folder) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("bundle"));
    for (String file : new String[] {"manifest.json", "model.onnx", "tokenizer.json"}) {
      Files.copy(
          Path.of("..", "model", "bundles", "untrained-64").resolve(file), copy.resolve(file));
    }
    return copy;
  }

  private static Path documents(Path folder) throws IOException {
    Random random = new Random(1);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      rows.add("{\"id\":\"" + i + "\",\"text\":\"" + Texts.random(random, 30) + "\"}");
    }
    return Files.write(folder.resolve("docs.jsonl"), rows);
  }

  @Test
  void shouldWriteAFitIntoItsBundleAgainAndAgain(@TempDir Path folder) throws IOException {
    Path bundle = bundle(folder);
    Path docs = documents(folder);
    Path unrelated = folder.resolve("unrelated.txt");
    assertThat(run("fit", "--input=" + docs, "--bundle=" + bundle)).as(out::toString).isZero();
    byte[] all = Bundle.load(bundle).centring();
    assertThat(
            run(
                "fit",
                "--input=" + docs,
                "--bundle=" + bundle,
                "--most=6",
                "--unrelated=" + unrelated))
        .isZero();
    assertThat(Bundle.load(bundle).centring()).isNotNull().isNotEqualTo(all);
    try (Stream<Path> files = Files.list(bundle)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "manifest.json", "model.onnx", "tokenizer.json", Bundle.CENTRING);
    }
    assertThat(
            Files.readAllLines(unrelated).stream()
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum())
        .as("pairs of three documents")
        .isEqualTo(3);
    Files.createDirectory(bundle.resolve("manifest.json.new"));
    byte[] before = Bundle.load(bundle).centring();
    assertThat(run("fit", "--input=" + docs, "--bundle=" + bundle)).isEqualTo(1);
    assertThat(Bundle.load(bundle).centring()).isEqualTo(before);
  }

  /** The input is not there: whatever else is wrong was said before it was opened. */
  @Test
  void shouldSayWhatCannotBeFittedBeforeItReads(@TempDir Path folder) throws IOException {
    String bundle = "--bundle=" + bundle(folder);
    String missing = "--input=" + folder.resolve("missing.jsonl");
    Path docs = documents(folder);
    List<String> rows = Files.readAllLines(docs);
    Path file = folder.resolve("file");
    assertThat(run("fit", missing, bundle, "--power=0.7")).isEqualTo(1);
    assertThat(run("fit", missing, bundle, "--dimensions=65")).isEqualTo(1);
    assertThat(run("fit", missing, bundle, "--output=" + folder)).isEqualTo(1);
    assertThat(run("fit", missing, bundle, "--output=" + file, "--unrelated=" + file)).isEqualTo(1);
    assertThat(run("fit", "--input=" + docs, bundle, "--output=" + docs)).isEqualTo(1);
    assertThat(run("fit", "--input=" + docs, bundle, "--unrelated=" + docs)).isEqualTo(1);
    assertThat(out.toString())
        .contains("the power of whitening is 0 to 0.5, found 0.7")
        .contains("1 to 64 dimensions can be kept, found 65")
        .contains(folder + " is a folder")
        .contains("the fit and --unrelated are both " + file + "; name two")
        .containsOnlyOnce(docs + " is the input too: name another file for the output" + docs);
    assertThat(Files.readAllLines(docs)).isEqualTo(rows);
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThat(run("plan", "--threshold=2")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--family=magic")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--bands-max=0")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--miss-weight=Infinity")).isEqualTo(1);
    assertThat(out.toString())
        .contains("--bands-max is 1 to 1024, as in the application, found 0")
        .contains("finite and over 0, found Infinity")
        .contains("the threshold is between 0 and 1, found 2.0")
        .contains("--family is minhash, simhash, hyperplanes, cross-polytope or euclidean, found");
  }
}

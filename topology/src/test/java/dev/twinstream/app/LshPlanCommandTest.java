package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.Banding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

  @Test
  void shouldNameWhatItRefuses() {
    assertThat(run("plan", "--threshold=2")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--family=magic")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--bands-max=0")).isEqualTo(1);
    assertThat(run("plan", "--threshold=0.5", "--miss-weight=Infinity")).isEqualTo(1);
    assertThat(out.toString())
        .contains("at least 1 band, found 0.5, 256 and 0")
        .contains("finite and over 0, found Infinity")
        .contains("the threshold is between 0 and 1, found 2.0")
        .contains("--family is minhash, simhash, hyperplanes, cross-polytope or euclidean, found");
  }
}

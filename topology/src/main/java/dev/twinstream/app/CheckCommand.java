package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.RowWriter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check}: texts in, what the running application knows of them out; nothing is stored. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks a running application of which document a text is a near-copy.",
      "The text is looked up and not stored. Prints one JSON line a text."
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin ConfigFile config;

  @ArgGroup(multiplicity = "1")
  Texts texts;

  /** One text, or rows of them. */
  static final class Texts {
    @Option(names = "--text", paramLabel = "TEXT", description = "the text; its id is then text")
    String text;

    @Option(
        names = "--input",
        paramLabel = "F",
        description =
            "JSON lines {id, text} (.jsonl, also .gz or .xz), a folder, or - for standard input")
    String input;
  }

  @Option(
      names = "--output",
      defaultValue = "-",
      paramLabel = "F",
      description = "JSON lines (.gz and .xz compress), or - for standard output (the default)")
  String output;

  @Option(
      names = "--timeout",
      defaultValue = "30",
      paramLabel = "SECONDS",
      description = "gives up after so long without an answer (default: ${DEFAULT-VALUE})")
  long timeoutSeconds;

  @Option(names = "--strict", description = "exit with 3 if a row could not be asked about")
  boolean strict;

  private final BadRows badRows = new BadRows();
  private long answered;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (timeoutSeconds < 1) {
      throw new IllegalArgumentException("--timeout is at least 1 second, found " + timeoutSeconds);
    }
    RowWriter.check(output, texts.input);
    // The output last: what it holds is not to be lost to an input that is not there.
    try (DocumentReader reader =
            texts.text != null ? null : DocumentReader.open(texts.input, badRows);
        Checks checks = new Checks(config.read());
        RowWriter rows = RowWriter.open(output)) {
      if (reader == null) {
        checks.ask(new Document("text", texts.text, null, null, false));
      } else {
        askRows(reader, checks, rows);
      }
      write(checks, rows);
    }
    if (badRows.count() > 0) {
      System.err.println(badRows.summary());
    }
    return badRows.exitStatus(strict, answered);
  }

  private void askRows(DocumentReader reader, Checks checks, RowWriter rows)
      throws IOException, InterruptedException {
    for (Document row = reader.next(); row != null; row = reader.next()) {
      try {
        checks.ask(row);
      } catch (IllegalArgumentException e) {
        badRows.badRow(reader.position(), 0, e.getMessage());
      }
      if (checks.isFull()) {
        write(checks, rows);
      }
    }
  }

  private void write(Checks checks, RowWriter rows) throws IOException, InterruptedException {
    List<Verdict> answers =
        checks.await(
            Duration.ofSeconds(timeoutSeconds),
            (id, reason) -> badRows.badRow("document " + id, 0, reason));
    int unanswered = 0;
    for (Verdict answer : answers) {
      if (answer == null) {
        unanswered++;
        continue;
      }
      answered++;
      Map<String, Object> row = DedupCommand.row(answer, null);
      row.remove("cluster"); // a text that is not stored is in none
      rows.write(row);
    }
    if (unanswered > 0) {
      throw new IllegalStateException(
          unanswered
              + " of "
              + answers.size()
              + " texts have no answer, and none came for "
              + timeoutSeconds
              + " s: see whether ./twinstream run is up with this configuration and keeps up with"
              + " its documents, and whether ./twinstream dlq list names texts that it refused;"
              + " --timeout waits longer");
    }
  }
}

package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.RowWriter;
import dev.twinstream.lsh.Shingler;
import dev.twinstream.lsh.TextNormalizer;
import dev.twinstream.lsh.UnrelatedPairs;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lsh unrelated}: how alike texts are that have nothing to do with each other. */
@Command(
    name = "unrelated",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the Jaccard similarity of all pairs of a sample of texts, those over 0.2 left out,",
      "for lsh plan --unrelated: false candidates are foretold from it."
    })
final class LshUnrelatedCommand implements Callable<Integer> {
  /** Pairs at least so similar are related: of one template, or copies. */
  static final double RELATED = 0.2;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "DOCS",
      description = "JSON lines {id, text} (.jsonl, also .gz or .xz), a folder, or -")
  String input;

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "what to write")
  Path output;

  @Option(
      names = "--shingle-words",
      defaultValue = "3",
      paramLabel = "N",
      description = "words a shingle has (default: ${DEFAULT-VALUE})")
  int shingleWords;

  @Option(
      names = "--most",
      defaultValue = "20000",
      paramLabel = "N",
      description = "texts that are read at most (default: ${DEFAULT-VALUE})")
  int most;

  @Override
  public Integer call() throws IOException {
    Shingler shingler = new Shingler(shingleWords);
    List<long[]> shingles = new ArrayList<>();
    BadRows badRows = new BadRows();
    RowWriter.checkFile(output.toString(), input);
    try (DocumentReader reader = DocumentReader.open(input, badRows)) {
      Document row = reader.next();
      for (; row != null && shingles.size() < most; row = reader.next()) {
        if (!row.getDeleted()) {
          long[] all = shingler.shingles(TextNormalizer.normalize(row.getText()));
          shingles.add(Arrays.stream(all).distinct().toArray());
        }
      }
    }
    Files.write(output, UnrelatedPairs.measured(shingles, RELATED).lines());
    System.err.printf(
        Locale.ROOT,
        "measured pairs of %,d texts; %s is written; %s%n",
        shingles.size(),
        output,
        badRows.summary());
    return badRows.exitStatus(false, shingles.size());
  }
}

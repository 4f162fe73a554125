package dev.twinstream.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.evaluate.NearDuplicateScores;
import dev.twinstream.evaluate.NearDuplicateScores.Row;
import dev.twinstream.evaluate.ScoreIntervals;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code evaluate neardup}: the production topology on files whose true clusters are known. */
@Command(
    name = "neardup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads {id, cluster, text} rows as a stream, through the production topology, and prints how",
      "well clusters and twins were found: adjusted Rand index, pairs, and online, that is at the",
      "end of the stream, was an earlier version named for each document that has one?"
    })
final class EvaluateNearDuplicatesCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BOOTSTRAP_DRAWS = 1000;
  private static final long BOOTSTRAP_SEED = 1;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON lines, also .gz or .xz")
  List<String> files;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any option of the application, for example lexical.threshold=0.8")
  Map<String, String> options = new HashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String file : files) {
      requireDocument(file);
    }
    System.out.println(
        "each with its 95% bootstrap interval; below, datasketch's MinHashLSH with its candidates"
            + " verified, at its best threshold for the file and at 0.7");
    System.out.println(
        "file                       documents  ARI                   pairs P / R / F1       online"
            + " recall         online precision");
    BadRows badRows = new BadRows();
    long read = 0;
    for (String file : files) {
      List<Row> rows;
      Map<String, String> truths = new LinkedHashMap<>();
      try (EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, badRows::deadLetter)) {
        send(file, pipeline, truths, badRows);
        pipeline.awaitIdle(done -> {});
        rows = rows(pipeline, truths);
      }
      if (rows.isEmpty()) {
        throw new IllegalArgumentException(
            file + ": none of its " + truths.size() + " documents was given a verdict");
      }
      print(file, rows);
      read += rows.size();
      System.out.println(DatasketchPeer.compare(file));
    }
    return badRows.exitStatus(false, read);
  }

  /** A run takes minutes: what is wrong with a later file is said before the first one's. */
  private static void requireDocument(String file) throws IOException {
    if (file.equals("-")) {
      return; // can be read once only
    }
    AtomicReference<String> firstFault = new AtomicReference<>("");
    try (DocumentReader reader =
        DocumentReader.open(
            file,
            (name, line, reason) ->
                firstFault.compareAndSet("", "; line " + line + ": " + reason))) {
      Document first = reader.next();
      if (first != null) {
        label(file, first, reader.row());
      } else {
        throw new IllegalArgumentException(
            file + " has no documents; wanted rows {id, cluster, text}" + firstFault.get());
      }
    }
  }

  private static void print(String file, List<Row> rows) {
    NearDuplicateScores scores = NearDuplicateScores.of(rows);
    ScoreIntervals intervals = ScoreIntervals.of(rows, BOOTSTRAP_DRAWS, BOOTSTRAP_SEED);
    System.out.printf(
        Locale.ROOT,
        "%-26s %9d  %s  %.3f / %.3f / %.3f  %s  %s%n",
        file.substring(file.lastIndexOf('/') + 1).replaceAll("\\.jsonl.*", ""),
        rows.size(),
        withInterval(scores, intervals, NearDuplicateScores::adjustedRandIndex),
        scores.pairPrecision(),
        scores.pairRecall(),
        scores.pairF1(),
        withInterval(scores, intervals, NearDuplicateScores::onlineRecall),
        withInterval(scores, intervals, NearDuplicateScores::onlinePrecision));
  }

  private static String withInterval(
      NearDuplicateScores scores,
      ScoreIntervals intervals,
      ToDoubleFunction<NearDuplicateScores> score) {
    return String.format(
        Locale.ROOT,
        "%.3f [%.3f, %.3f]",
        score.applyAsDouble(scores),
        intervals.low(score),
        intervals.high(score));
  }

  /** The reader gives documents; the label stands beside the text in the same rows. */
  private static void send(
      String file, EmbeddedPipeline pipeline, Map<String, String> truths, BadRows badRows)
      throws IOException {
    try (DocumentReader reader = DocumentReader.open(file, badRows)) {
      for (Document row = reader.next(); row != null; row = reader.next()) {
        String label = label(file, row, reader.row());
        Optional<String> refusal = pipeline.send(row);
        if (refusal.isPresent()) {
          badRows.badRow(reader.position(), 0, refusal.get());
        } else {
          truths.put(row.getId(), label);
        }
      }
    }
  }

  private static String label(String file, Document document, String rowOrNull) throws IOException {
    JsonNode label = rowOrNull == null ? null : JSON.readTree(rowOrNull).get("cluster");
    if (label == null || !label.isValueNode() || label.isNull()) {
      throw new IllegalArgumentException(
          file
              + ": document "
              + document.getId()
              + " has "
              + (label == null || label.isNull() ? "no cluster" : "the cluster " + label)
              + "; wanted {id, cluster, text}, the cluster a text or a number");
    }
    return label.asText();
  }

  private static List<Row> rows(EmbeddedPipeline pipeline, Map<String, String> truths)
      throws IOException {
    List<Row> rows = new ArrayList<>(truths.size());
    for (Map.Entry<String, String> entry : truths.entrySet()) {
      Verdict verdict = pipeline.results().takeVerdict(entry.getKey());
      if (verdict != null) {
        String twin = verdict.getDuplicateOf();
        rows.add(
            new Row(
                entry.getValue(),
                pipeline.results().cluster(entry.getKey()),
                twin == null ? null : truths.get(twin)));
      }
    }
    return rows;
  }
}

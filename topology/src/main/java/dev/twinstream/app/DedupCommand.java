package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.ProgressBar;
import dev.twinstream.app.io.RowWriter;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dedup}: documents in, one verdict a document out, through the production topology. */
@Command(
    name = "dedup",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Finds, for each document, the earlier one that it is a near-copy of.",
      "Runs the streaming application on a Kafka broker in this process."
    })
final class DedupCommand implements Callable<Integer> {
  @Mixin RowOptions rows;

  @Option(
      names = "--clusters",
      paramLabel = "F",
      description = "writes {id, cluster} for each document")
  String clusters;

  @Option(
      names = "--probability",
      paramLabel = "P",
      description = "probability from which two texts are twins (default: 0.5)")
  Double probability;

  @Option(names = "--lexical-only", description = "no encodings: faster, and cosine is null")
  boolean lexicalOnly;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any option of the application, for example lexical.shingle.words=5")
  Map<String, String> options = new HashMap<>();

  private long sent;
  private long written;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (probability != null) {
      options.put(TwinstreamConfig.TWIN_PROBABILITY, probability.toString());
    }
    if (lexicalOnly) {
      options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    }
    // A document's line is to have its twin also where that has left since.
    options.put(TwinstreamConfig.EXPIRY, "false");
    RowWriter.check(rows.output, rows.input);
    if (clusters != null) {
      if (RowWriter.areSame(clusters, rows.output)) {
        throw new IllegalArgumentException(
            "--output and --clusters are both " + clusters + "; name two");
      }
      RowWriter.check(clusters, rows.input);
    }
    BadRows badRows = new BadRows();
    try (DocumentReader reader = DocumentReader.open(rows.input, badRows);
        EmbeddedPipeline pipeline = EmbeddedPipeline.start(options, badRows::deadLetter)) {
      Path ids = pipeline.folder().resolve("ids.txt");
      long started = System.nanoTime();
      try (ProgressBar bar = new ProgressBar("documents")) {
        send(reader, pipeline, ids, badRows);
        pipeline.awaitIdle(done -> bar.update(Math.min(done, sent), sent));
        bar.update(sent, sent);
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      write(pipeline, ids);
      System.err.printf(
          Locale.ROOT,
          "%,d rows in %.1f s, %,.0f a second; %s%s%n",
          sent,
          seconds,
          sent / seconds,
          badRows.summary(),
          written == sent
              ? ""
              : String.format(
                  Locale.ROOT,
                  "; %,d documents: rows of one id are versions of one, and deleted or refused ones"
                      + " have no line",
                  written));
    }
    return rows.exitStatus(badRows, sent);
  }

  private void send(DocumentReader reader, EmbeddedPipeline pipeline, Path ids, BadRows badRows)
      throws IOException {
    try (BufferedWriter order = Files.newBufferedWriter(ids, StandardCharsets.UTF_8)) {
      for (Document row = reader.next(); row != null; row = reader.next()) {
        Optional<String> refusal = pipeline.send(row);
        if (refusal.isPresent()) {
          badRows.badRow(reader.position(), 0, refusal.get());
          continue;
        }
        order.write(Ids.escape(row.getId()));
        order.newLine();
        sent++;
      }
    }
  }

  /** One line a document, where it first stood in the input. */
  private void write(EmbeddedPipeline pipeline, Path ids) throws IOException {
    try (RowWriter verdicts = RowWriter.open(rows.output);
        RowWriter members = clusters == null ? null : RowWriter.open(clusters);
        BufferedReader order = Files.newBufferedReader(ids, StandardCharsets.UTF_8)) {
      for (String line = order.readLine(); line != null; line = order.readLine()) {
        String id = Ids.unescape(line);
        Verdict verdict = pipeline.results().takeVerdict(id);
        if (verdict == null) {
          continue; // deleted, a dead letter, or a later row of a document already written
        }
        String cluster = pipeline.results().cluster(id);
        verdicts.write(row(verdict, cluster));
        written++;
        if (members != null) {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("id", id);
          row.put("cluster", cluster);
          members.write(row);
        }
      }
    }
  }

  static Map<String, Object> row(Verdict verdict, String cluster) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", verdict.getId());
    row.put("verdict", verdict.getVerdict().name());
    row.put("duplicateOf", verdict.getDuplicateOf());
    row.put("cluster", cluster);
    row.put("probability", verdict.getProbability());
    row.put("jaccard", verdict.getJaccard());
    row.put("containment", verdict.getContainment());
    row.put("cosine", verdict.getCosine());
    return row;
  }
}

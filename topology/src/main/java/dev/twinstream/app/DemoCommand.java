package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.ProgressBar;
import dev.twinstream.model.Bundle;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Encoding;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: a small set of real documents through the pipeline, and the twins side by side. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Sends real documents through the pipeline and shows the twins it finds.")
final class DemoCommand implements Callable<Integer> {
  /** A shorter limit than the default keeps the demo short. */
  private static final Map<String, String> OPTIONS = Map.of(TwinstreamConfig.MAX_TOKENS, "2048");

  private static final int SHOWN = 10;
  private static final int EXCERPT = 46;

  @Option(
      names = "--input",
      paramLabel = "F",
      description = "documents of your own; the launcher fetches the SPDX licence texts without it")
  String input;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (input == null) {
      throw new IllegalArgumentException("--input is missing: ./twinstream demo finds a sample");
    }
    BadRows badRows = new BadRows();
    Map<String, String> texts = new LinkedHashMap<>();
    List<Verdict> twins = new ArrayList<>();
    EncodingSummary encodings = new EncodingSummary();
    System.err.println("Starting a Kafka broker and the streaming application in this process ...");
    try (DocumentReader reader = DocumentReader.open(input, badRows);
        EmbeddedPipeline pipeline = EmbeddedPipeline.start(OPTIONS, badRows::deadLetter)) {
      try (ProgressBar bar = new ProgressBar("documents")) {
        for (Document row = reader.next(); row != null; row = reader.next()) {
          Optional<String> refusal = pipeline.send(row);
          if (refusal.isPresent()) {
            badRows.badRow(reader.position(), 0, refusal.get());
          } else {
            texts.put(row.getId(), row.getText());
          }
        }
        pipeline.awaitIdle(done -> bar.update(Math.min(done, texts.size()), texts.size()));
        bar.update(texts.size(), texts.size());
      }
      pipeline.forEachEncoding(encodings::add);
      for (String id : texts.keySet()) {
        Verdict verdict = pipeline.results().takeVerdict(id);
        if (verdict != null && verdict.getDuplicateOf() != null) {
          twins.add(verdict);
        }
      }
    }
    show(texts, twins);
    encodings.show();
    System.out.println(
        """

        Next: ./twinstream dedup --input YOUR.jsonl --output verdicts.jsonl
              ./twinstream encode --input YOUR.jsonl --output encodings.jsonl
              README.md, for your own cluster\
        """);
    return badRows.exitStatus(false, texts.size());
  }

  /** What came out of the encoder. */
  private static final class EncodingSummary {
    private long documents;
    private long tokens;
    private long truncated;
    private int numbers;
    private int keys;

    void add(Encoding encoding) {
      documents++;
      tokens += encoding.getTokens();
      truncated += encoding.getTruncated() ? 1 : 0;
      numbers = encoding.getEncoding().size();
      keys = Math.max(keys, encoding.getKeys().size());
    }

    void show() {
      Bundle model = Bundle.builtIn();
      System.out.printf(
          Locale.ROOT,
          "The Reformer %s has encoded %,d documents, %,d tokens (%,d documents cut at the token"
              + " limit): %d numbers%nand %d semantic bucket keys each.%s%n",
          model.name(),
          documents,
          tokens,
          truncated,
          numbers,
          keys,
          model.trained()
              ? ""
              : " It is not trained: verdicts rest on the words, cosines say little.");
    }
  }

  private static void show(Map<String, String> texts, List<Verdict> twins) {
    System.out.printf(
        Locale.ROOT,
        "%n%,d of %,d documents are near-copies of an earlier one. Some of them, least alike"
            + " first, where they begin to differ:%n%n",
        twins.size(),
        texts.size());
    twins.sort(Comparator.comparing(Verdict::getJaccard).thenComparing(Verdict::getId));
    for (Verdict verdict : twins.subList(0, Math.min(SHOWN, twins.size()))) {
      String a = texts.get(verdict.getId());
      String b = texts.get(verdict.getDuplicateOf());
      int at = firstDifference(a, b);
      row(verdict.getId(), verdict.getDuplicateOf());
      row(excerpt(a, at), excerpt(b, at));
      System.out.printf(
          Locale.ROOT,
          "  %s, jaccard %.2f, containment %.2f, cosine %.2f, probability %.2f%n%n",
          verdict.getVerdict(),
          verdict.getJaccard(),
          verdict.getContainment(),
          verdict.getCosine(),
          verdict.getProbability());
    }
  }

  private static void row(String left, String right) {
    System.out.printf("  %-" + (EXCERPT + 1) + "s| %s%n", left, right);
  }

  private static int firstDifference(String a, String b) {
    int i = 0;
    while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }

  /** The text around a place, on one line. */
  private static String excerpt(String text, int at) {
    String line = text.substring(Math.max(0, at - EXCERPT)).replaceAll("[\\s\\p{Cntrl}]+", " ");
    int back = Math.min(at, EXCERPT);
    int from = Math.max(0, Math.min(back - EXCERPT / 3, line.length() - EXCERPT));
    if (from > 0) {
      from = line.indexOf(' ', from) + 1; // a whole word
    }
    return line.substring(from, Math.min(line.length(), from + EXCERPT)).strip();
  }
}

package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.app.io.ProgressBar;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: a small set of real documents through the pipeline, and the twins side by side. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Sends real documents through the pipeline and shows the twins it finds.")
final class DemoCommand implements Callable<Integer> {
  private static final int SHOWN = 12;
  private static final int EXCERPT = 46;

  @Option(names = "--input", required = true, paramLabel = "F", description = "the documents")
  String input;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BadRows badRows = new BadRows();
    Map<String, String> texts = new LinkedHashMap<>();
    List<Verdict> twins = new ArrayList<>();
    System.err.println("Starting a Kafka broker and the streaming application in this process ...");
    try (DocumentReader reader = DocumentReader.open(input, badRows);
        EmbeddedPipeline pipeline = EmbeddedPipeline.start(new HashMap<>(), badRows::deadLetter)) {
      try (ProgressBar bar = new ProgressBar("documents")) {
        long time = System.currentTimeMillis() - 1_000_000;
        for (Document row = reader.next(); row != null; row = reader.next()) {
          texts.put(row.getId(), row.getText());
          pipeline.send(row, time++);
        }
        pipeline.awaitIdle(done -> bar.update(Math.min(done, texts.size()), texts.size()));
        bar.update(texts.size(), texts.size());
      }
      for (String id : texts.keySet()) {
        Verdict verdict = pipeline.takeVerdict(id);
        if (verdict != null && verdict.getDuplicateOf() != null) {
          twins.add(verdict);
        }
      }
    }
    show(texts, twins);
    return 0;
  }

  private static void show(Map<String, String> texts, List<Verdict> twins) {
    System.out.printf(
        Locale.ROOT,
        "%n%,d of %,d documents are near-copies of an earlier one. Some of them, least alike"
            + " first:%n%n",
        twins.size(),
        texts.size());
    twins.sort(Comparator.comparing(Verdict::getJaccard).thenComparing(Verdict::getId));
    for (Verdict verdict : twins.subList(0, Math.min(SHOWN, twins.size()))) {
      System.out.printf(
          Locale.ROOT,
          "%s  jaccard %.2f  probability %.2f%n",
          verdict.getVerdict(),
          verdict.getJaccard(),
          verdict.getProbability());
      String a = texts.get(verdict.getId());
      String b = texts.get(verdict.getDuplicateOf());
      int at = firstDifference(a, b);
      System.out.printf("  %-48s| %s%n", verdict.getId(), verdict.getDuplicateOf());
      System.out.printf("  %-48s| %s%n%n", excerpt(a, at), excerpt(b, at));
    }
    System.out.println(
        "Next: ./twinstream dedup --input YOUR.jsonl --output verdicts.jsonl, and README.md.");
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
    int from = Math.max(0, Math.min(at - EXCERPT / 3, text.length() - EXCERPT));
    int to = Math.min(text.length(), from + EXCERPT);
    return text.substring(from, to).replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}

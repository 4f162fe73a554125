package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The production topology on the embedded broker, lexical only: documents a second from the first
 * one sent to the last verdict, after a warm-up of other documents.
 */
@Command(
    name = "topology",
    mixinStandardHelpOptions = true,
    description = "Measures the topology on the embedded broker, without an encoder.")
public final class TopologyBenchmark implements Callable<Integer> {
  private static final int WARM_UP = 10_000;

  /** What datasketch is measured at. */
  private static final Map<String, String> PEERS_SETTINGS =
      Map.of(
          TwinstreamConfig.SHINGLE_WORDS,
          "5",
          TwinstreamConfig.PERMUTATIONS,
          "128",
          TwinstreamConfig.THRESHOLD,
          "0.7",
          TwinstreamConfig.MOST_BANDS,
          "128",
          RecallOptions.SAMPLE_ONE_IN,
          "0",
          RecallOptions.PROBE_ONE_IN,
          "0");

  @Parameters(index = "0", paramLabel = "INPUT", description = "JSON lines: a file or a folder")
  String input;

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "100000",
      paramLabel = "DOCUMENTS",
      description = "sent after the warm-up (${DEFAULT-VALUE})")
  int documents;

  @Option(
      names = "--defaults",
      description = "the application's own defaults, in place of the peer's settings")
  boolean defaults;

  private DocumentReader reader;
  private int pass;
  private long characters;

  /** Runs the benchmark; the arguments are its options. */
  public static void main(String[] arguments) {
    System.exit(BenchmarkCommand.execute(new TopologyBenchmark(), arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireText();
    long start = System.nanoTime();
    Map<String, String> options = new HashMap<>(defaults ? Map.of() : PEERS_SETTINGS);
    options.put(TwinstreamConfig.BUNDLE, TwinstreamConfig.NO_ENCODER);
    try (EmbeddedPipeline pipeline =
        EmbeddedPipeline.start(
            options,
            letter -> {
              throw new IllegalStateException(letter.getCause());
            })) {
      double started = (System.nanoTime() - start) / 1e9;
      long time = System.currentTimeMillis() - 10_000_000;
      time = send(pipeline, "warm", WARM_UP, time);
      pipeline.awaitIdle(done -> {});
      characters = 0;
      long measured = System.nanoTime();
      send(pipeline, "d", documents, time);
      pipeline.awaitIdle(done -> {});
      double seconds = (System.nanoTime() - measured) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "twinstream topology settings=%s documents=%d start-up=%.1fs seconds=%.1f documents/s=%.0f"
              + " megacharacters/s=%.2f%n",
          defaults ? "defaults" : "peer's",
          documents,
          started,
          seconds,
          documents / seconds,
          characters / 1e6 / seconds);
    } finally {
      if (reader != null) {
        reader.close();
      }
    }
    return 0;
  }

  /** The input is gone through until there are enough documents: one at least must be in it. */
  private void requireText() throws IOException {
    String[] firstFault = {""};
    try (DocumentReader rows =
        DocumentReader.open(
            input,
            (file, line, reason) -> {
              if (firstFault[0].isEmpty()) {
                firstFault[0] = "; " + file + ":" + line + ": " + reason;
              }
            })) {
      Document row = rows.next();
      while (row != null && row.getText() == null) {
        row = rows.next();
      }
      if (row == null) {
        throw new IllegalArgumentException(
            input + " has no readable row {id, text}" + firstFault[0]);
      }
    }
  }

  private long send(EmbeddedPipeline pipeline, String prefix, int count, long time)
      throws IOException {
    for (int i = 0; i < count; i++) {
      String text = nextText();
      characters += text.length();
      pipeline.send(new Document(prefix + i, text, null, null, false), time++);
    }
    return time;
  }

  /**
   * Goes through the input again and again; from the second pass on, texts lose their beginning.
   */
  private String nextText() throws IOException {
    while (true) {
      if (reader == null) {
        reader = DocumentReader.open(input, (file, line, reason) -> {});
      }
      Document document = reader.next();
      if (document != null && document.getText() == null) {
        continue;
      }
      if (document != null) {
        String text = document.getText();
        return text.substring(Math.min(text.length() / 2, text.length() * pass / 20));
      }
      reader.close();
      reader = null;
      pass++;
    }
  }
}

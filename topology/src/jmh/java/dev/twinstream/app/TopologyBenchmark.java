package dev.twinstream.app;

import dev.twinstream.app.io.DocumentReader;
import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * The production topology on the embedded broker, lexical only, with shingles of 5 words: documents
 * a second from the first one sent to the last verdict, after a warm-up of other documents.
 */
public final class TopologyBenchmark {
  private static final int WARM_UP = 10_000;

  private final String input;
  private DocumentReader reader;
  private int pass;
  private long characters;

  private TopologyBenchmark(String input) {
    this.input = input;
  }

  /** Arguments: input file or folder, number of documents. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new TopologyBenchmark(arguments[0]).run(Integer.parseInt(arguments[1]));
  }

  private void run(int documents) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Map<String, String> options =
        Map.of(
            TwinstreamConfig.BUNDLE,
            TwinstreamConfig.NO_ENCODER,
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
          "twinstream topology documents=%d start-up=%.1fs seconds=%.1f documents/s=%.0f"
              + " megacharacters/s=%.2f%n",
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

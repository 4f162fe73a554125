package dev.twinstream.app;

import dev.twinstream.app.BenchmarkVerdicts.Count;
import dev.twinstream.evaluate.CopyKind;
import dev.twinstream.evaluate.MadeUpStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints what {@link DedupBenchmark} found, as tables in Markdown, each as soon as it is there. */
final class BenchmarkReport {
  /** A stream is told in tenths. */
  static final int PARTS = 10;

  private static final int PAIRS = 200_000;
  private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999, 0.9999};

  private final MadeUpStream stream;
  private final int documents;

  BenchmarkReport(MadeUpStream stream, int documents) {
    this.stream = stream;
    this.documents = documents;
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
    System.out.flush();
  }

  void printSetting(String mode, CopyEncodings encodingsOrNull) {
    print(
        "%,d documents of 100 to 600 words (but parts and embedded ones), ids of %d characters,",
        documents, MadeUpStream.ID_LENGTH);
    print(
        "%s; %,d bases are runs of the corpus, the others mixed from %,d sentences.",
        mode, stream.runs(), stream.sentences());
    if (encodingsOrNull == null) {
      return;
    }
    print("");
    print(
        "Encodings: %,d bases truly encoded, the others mixed from them; copies turned away from",
        encodingsOrNull.encodedBases());
    print("their base by the distances measured on true encodings. Cosines of pairs of bases:");
    print("");
    print("| encodings | median | 90%% | 99%% | 99.9%% | 99.99%% |");
    print("| --- | --- | --- | --- | --- | --- |");
    printPairs("true", encodingsOrNull.pairCosines(false, PAIRS));
    printPairs("mixed", encodingsOrNull.pairCosines(true, PAIRS));
  }

  private static void printPairs(String name, double[] cosines) {
    StringBuilder row = new StringBuilder("| " + name + " |");
    for (double quantile : QUANTILES) {
      row.append(String.format(Locale.ROOT, " %.3f |", cosines[(int) (quantile * cosines.length)]));
    }
    print("%s", row);
  }

  /**
   * Returns documents a second, the first tenth left out.
   *
   * @param sending processor time that making and sending the documents of each tenth took, ns
   */
  double printThroughput(long start, long[] times, long revisions, long[] sending) {
    print("");
    print("| tenth | documents/s | processor time to make and send one |");
    print("| --- | --- | --- |");
    double[] rates = new double[PARTS];
    long before = start;
    for (int part = 0; part < PARTS; part++) {
      int from = (int) ((long) part * times.length / PARTS);
      int to = (int) ((long) (part + 1) * times.length / PARTS);
      rates[part] = (to - from) / ((times[to - 1] - before) / 1e9);
      before = times[to - 1];
      print("| %d | %,.0f | %,.0f us |", part + 1, rates[part], sending[part] / 1e3 / (to - from));
    }
    print("| all | %,.0f | |", times.length / ((before - start) / 1e9));
    print("");
    double ratio = rates[PARTS - 1] / rates[1];
    print(
        "last tenth / second tenth: %.2f; %.2f by what the sender's work took, which is the same for"
            + " each document, so that the machine's own changes of speed are left out; revised"
            + " verdicts: %,d",
        ratio, ratio * sending[PARTS - 1] / sending[1], revisions);
    long warm = times[times.length / PARTS - 1];
    return (times.length - times.length / PARTS) / ((before - warm) / 1e9);
  }

  void printKinds(BenchmarkVerdicts verdicts, CopyEncodings encodingsOrNull) {
    Map<CopyKind, Count> counts = verdicts.count(stream, documents);
    Count copies = new Count(0, 0, 0);
    print("");
    print(
        "| kind | documents | given a twin | recall | precision | cosine distance to the base: median, 95%% (copies encoded) |");
    print("| --- | --- | --- | --- | --- | --- |");
    for (CopyKind kind : CopyKind.values()) {
      Count count = counts.getOrDefault(kind, new Count(0, 0, 0));
      if (kind == CopyKind.BASE) {
        print("| %s | %,d | %.4f | | | |", kind.label(), count.documents(), share(count));
        continue;
      }
      copies = copies.plus(count);
      String distance =
          encodingsOrNull == null
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%.4f, %.4f (%,d)",
                  encodingsOrNull.distance(kind, 0.5),
                  encodingsOrNull.distance(kind, 0.95),
                  encodingsOrNull.encodedCopies(kind));
      printCount(kind.label(), count, distance);
    }
    printCount("all copies", copies, "");
    print("");
    print(
        "Precision over all documents, bases included: %.4f",
        counts.values().stream().reduce(new Count(0, 0, 0), Count::plus).precision());
  }

  private static double share(Count count) {
    return count.documents() == 0 ? 0 : (double) count.named() / count.documents();
  }

  private static void printCount(String name, Count count, String distance) {
    print(
        "| %s | %,d | %.4f | %.4f | %.4f | %s |",
        name, count.documents(), share(count), count.recall(), count.precision(), distance);
  }

  /** {@code seconds} in the order of sending. */
  void printLatency(double rate, double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    print("");
    print(
        "latency from document to verdict at %,.0f documents/s, half of saturation, %,d texts under 2,000 tokens: p50 %.3f s, p99 %.3f s, most %.3f s",
        rate,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (0.99 * sorted.length)],
        sorted[sorted.length - 1]);
    String slowest =
        IntStream.range(0, PARTS)
            .mapToObj(
                part ->
                    Arrays.copyOfRange(
                        seconds,
                        part * seconds.length / PARTS,
                        (part + 1) * seconds.length / PARTS))
            .map(part -> String.format(Locale.ROOT, "%.1f", Arrays.stream(part).max().orElse(0)))
            .collect(Collectors.joining(", "));
    print("the slowest that were sent in each tenth of that time: %s s", slowest);
  }

  void printSizes(StateSizes sizes, Map<String, Long> topics, int stored) {
    print("");
    print("| state folder after a clean stop, %,d documents | bytes a document |", stored);
    print("| --- | --- |");
    sizes.data().forEach((store, bytes) -> print("| %s | %,.1f |", store, (double) bytes / stored));
    print("| RocksDB's logs, manifests and options | %,.1f |", (double) sizes.other() / stored);
    print("| all | %,.1f |", (double) sizes.total() / stored);
    print("");
    print(
        "| on the broker (of topics consumed and deleted, the segments not yet freed) | bytes a document |");
    print("| --- | --- |");
    topics.forEach(
        (topic, bytes) -> {
          if (bytes > 0 && !topic.startsWith("__")) {
            print("| %s | %,.1f |", topic, (double) bytes / stored);
          }
        });
  }

  void printRecovery(String what, double seconds) {
    print("");
    print("recovery after %s, until caught up: %.1f s", what, seconds);
  }
}

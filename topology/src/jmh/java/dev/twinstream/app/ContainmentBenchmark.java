package dev.twinstream.app;

import dev.twinstream.dedup.ContainmentVerdicts;
import dev.twinstream.evaluate.ContainmentTexts;
import dev.twinstream.evaluate.ContainmentTexts.Pair;
import dev.twinstream.lsh.ContainmentMethod;
import dev.twinstream.lsh.ContainmentMethod.Bands;
import dev.twinstream.lsh.ContainmentMethod.Ensemble;
import dev.twinstream.lsh.ContainmentMethod.Segments;
import dev.twinstream.lsh.ContainmentMethod.Winnowed;
import dev.twinstream.lsh.Shingler;
import dev.twinstream.lsh.TextNormalizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The ways to find a short text inside a long one, side by side on texts of a corpus. */
@Command(
    name = "containment",
    mixinStandardHelpOptions = true,
    description = "Measures candidate generators for short texts inside long ones.")
public final class ContainmentBenchmark implements Callable<Integer> {
  private static final int[] RATIOS = {1, 2, 5, 10, 20};
  private static final double[] EDIT_RATES = {0, 0.05};

  /** What a posting took on disk in {@code bench dedup}: key, address, and RocksDB's own. */
  private static final double BYTES_A_POSTING = 17;

  /** With less of its shingles in common a candidate has nothing to do with a text. */
  private static final double RELATED = 0.2;

  /** A text is contained in another from this share of its shingles on. */
  private static final double CONTAINED = 0.8;

  /** Pairs that probabilities are compared with, at ratios of 5 and more: times the others. */
  private static final int CALIBRATION = 10;

  private static final int PROBABILITY_BINS = 5;

  private static final List<ContainmentMethod> METHODS =
      List.of(
          new Bands(20, 2),
          new Segments(200, 8, 2),
          new Ensemble(32, 4),
          new Winnowed(3, 32),
          new Winnowed(8, 16),
          new Winnowed(8, 32),
          new Winnowed(8, 64),
          new Winnowed(12, 32));

  @Option(names = "--corpus", required = true, description = "JSON lines: a file or a folder")
  String corpus;

  @Option(
      names = "--pairs",
      defaultValue = "200",
      description = "of each length ratio, with edits and without (${DEFAULT-VALUE})")
  int pairs;

  @Option(
      names = "--stored",
      defaultValue = "10000",
      description = "documents among which false candidates are counted (${DEFAULT-VALUE})")
  int stored;

  @Option(names = "--seed", defaultValue = "1", description = "of the texts (${DEFAULT-VALUE})")
  long seed;

  private final Shingler shingler = new Shingler(3);

  /** A text's shingles, and its words. */
  private record Shingled(long[] shingles, int words) {}

  /** Runs the benchmark; the arguments are its options. */
  public static void main(String[] arguments) {
    System.exit(BenchmarkCommand.execute(new ContainmentBenchmark(), arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<Shingled> others = new ArrayList<>();
    Map<String, List<Pair>> cells = new HashMap<>();
    List<Pair> partly = new ArrayList<>();
    try (ContainmentTexts texts = ContainmentTexts.open(corpus, seed)) {
      texts.documents(stored).forEach(text -> others.add(shingled(text)));
      for (double edits : EDIT_RATES) {
        for (int ratio : RATIOS) {
          List<Pair> cell = new ArrayList<>();
          for (int i = 0; i < pairs; i++) {
            cell.add(texts.pair(ratio, edits));
          }
          cells.put(edits + " " + ratio, cell);
        }
      }
      for (int i = 0; i < CALIBRATION * pairs; i++) {
        double share = (i + 0.5) / (CALIBRATION * pairs);
        partly.add(texts.partly(RATIOS[2 + i % (RATIOS.length - 2)], share));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d pairs a figure; a short text of 60 to 300 words that comes after the long one / before"
            + " it.%nFalse candidates a document: of %d documents of the corpus (%.0f words on"
            + " average), those with under %.1f of the shorter's shingles in common.%n%n",
        pairs,
        others.size(),
        others.stream().mapToInt(Shingled::words).average().orElse(0),
        RELATED);
    head(
        "candidates by",
        " keys a 1,000 words | bytes a 1,000 words | false candidates of short, of long texts |");
    System.out.println("| --- | --- |" + " --- |".repeat(RATIOS.length + 3));
    Map<String, List<Shingled[]>> shingled = new HashMap<>();
    cells.forEach(
        (name, cell) ->
            shingled.put(
                name,
                cell.stream()
                    .map(pair -> new Shingled[] {shingled(pair.part()), shingled(pair.whole())})
                    .toList()));
    for (ContainmentMethod method : METHODS) {
      measure(method, others, shingled);
    }
    System.out.println();
    head("found (near or contained), dedup.containment", "");
    System.out.println("| --- | --- |" + " --- |".repeat(RATIOS.length));
    printFound("none", new ContainmentVerdicts(false), cells);
    ContainmentVerdicts verdicts = new ContainmentVerdicts(true);
    printFound("winnowed", verdicts, cells);
    System.out.println();
    calibrate(verdicts, partly);
    return 0;
  }

  private static void head(String first, String more) {
    System.out.print("| " + first + " | edited |");
    for (int ratio : RATIOS) {
      System.out.printf(Locale.ROOT, " ratio %d |", ratio);
    }
    System.out.println(more);
  }

  private static void printFound(
      String name, ContainmentVerdicts verdicts, Map<String, List<Pair>> cells) {
    for (double edits : EDIT_RATES) {
      System.out.printf(Locale.ROOT, "| %s | %.0f%% |", name, 100 * edits);
      for (int ratio : RATIOS) {
        List<Pair> cell = cells.get(edits + " " + ratio);
        long found = cell.stream().filter(p -> verdicts.finds(p.part(), p.whole())).count();
        System.out.printf(Locale.ROOT, " %.3f |", (double) found / cell.size());
      }
      System.out.println();
    }
  }

  /** Of short texts of which any share is as likely to stand in the long one. */
  private void calibrate(ContainmentVerdicts verdicts, List<Pair> partly) {
    double[][] bins = new double[PROBABILITY_BINS][3];
    for (Pair pair : partly) {
      Set<Long> whole = set(shingled(pair.whole()).shingles());
      long[] part = shingled(pair.part()).shingles();
      double share = (double) Arrays.stream(part).filter(whole::contains).count() / part.length;
      double probability = verdicts.probability(pair.part(), pair.whole());
      double[] bin = bins[Math.min(PROBABILITY_BINS - 1, (int) (PROBABILITY_BINS * probability))];
      bin[0]++;
      bin[1] += probability;
      bin[2] += share >= CONTAINED ? 1 : 0;
    }
    System.out.println("| probability of contained | pairs | mean | share that are |");
    System.out.println("| --- | --- | --- | --- |");
    double error = 0;
    for (int i = 0; i < PROBABILITY_BINS; i++) {
      double[] bin = bins[i];
      System.out.printf(
          Locale.ROOT,
          "| %.1f to %.1f | %.0f | %.3f | %.3f |%n",
          (double) i / PROBABILITY_BINS,
          (i + 1.0) / PROBABILITY_BINS,
          bin[0],
          bin[1] / bin[0],
          bin[2] / bin[0]);
      error += Math.abs(bin[1] - bin[2]) / partly.size();
    }
    System.out.printf(Locale.ROOT, "expected calibration error %.3f%n", error);
  }

  private Shingled shingled(String text) {
    long[] shingles = shingler.shingles(TextNormalizer.normalize(text));
    return new Shingled(shingles, text.strip().split("\\s+").length);
  }

  private void measure(
      ContainmentMethod method, List<Shingled> others, Map<String, List<Shingled[]>> cells) {
    Map<Long, List<Integer>> index = new HashMap<>();
    long keys = 0;
    long sketches = 0;
    long words = 0;
    for (int i = 0; i < others.size(); i++) {
      long[] stored = method.stored(others.get(i).shingles());
      for (long key : stored) {
        index.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
      }
      keys += stored.length;
      sketches += method.sketchBytes(others.get(i).shingles());
      words += others.get(i).words();
    }
    String costs =
        String.format(
            Locale.ROOT,
            " %.0f | %.0f | %.1f, %.1f |",
            1000.0 * keys / words,
            1000.0 * (keys * BYTES_A_POSTING + sketches) / words,
            falseCandidates(method, cells.get("0.05 20"), 0, others, index),
            falseCandidates(method, cells.get("0.05 20"), 1, others, index));
    for (double edits : EDIT_RATES) {
      System.out.printf(Locale.ROOT, "| %s | %.0f%% |", method.name(), 100 * edits);
      for (int ratio : RATIOS) {
        List<Shingled[]> cell = cells.get(edits + " " + ratio);
        int shortLater = 0;
        int longLater = 0;
        for (Shingled[] pair : cell) {
          long[] part = pair[0].shingles();
          long[] whole = pair[1].shingles();
          shortLater += share(method.stored(whole), method.lookedUnder(part)) ? 1 : 0;
          longLater += share(method.stored(part), method.lookedUnder(whole)) ? 1 : 0;
        }
        System.out.printf(
            Locale.ROOT,
            " %.3f / %.3f |",
            (double) shortLater / cell.size(),
            (double) longLater / cell.size());
      }
      System.out.println(costs);
    }
  }

  private static double falseCandidates(
      ContainmentMethod method,
      List<Shingled[]> pairs,
      int which,
      List<Shingled> others,
      Map<Long, List<Integer>> index) {
    long needless = 0;
    for (Shingled[] pair : pairs) {
      long[] own = pair[which].shingles();
      Set<Integer> candidates = new HashSet<>();
      for (long key : method.lookedUnder(own)) {
        candidates.addAll(index.getOrDefault(key, List.of()));
      }
      Set<Long> set = set(own);
      for (int candidate : candidates) {
        long[] theirs = others.get(candidate).shingles();
        long common = Arrays.stream(theirs).filter(set::contains).count();
        needless += common < RELATED * Math.min(own.length, theirs.length) ? 1 : 0;
      }
    }
    return (double) needless / pairs.size();
  }

  private static boolean share(long[] stored, long[] lookedUnder) {
    Set<Long> keys = set(stored);
    return Arrays.stream(lookedUnder).anyMatch(keys::contains);
  }

  private static Set<Long> set(long[] values) {
    Set<Long> set = new HashSet<>();
    for (long value : values) {
      set.add(value);
    }
    return set;
  }
}

package dev.twinstream.app;

import dev.twinstream.lsh.CandidateBudget;
import dev.twinstream.lsh.LshGoals;
import dev.twinstream.lsh.LshPlan;
import dev.twinstream.lsh.PlannedFamily;
import dev.twinstream.lsh.UnrelatedPairs;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lsh plan}: hash parameters from goals, as a table and a plot. */
@Command(
    name = "lsh",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "plan | fit | unrelated",
    subcommands = {LshFitCommand.class, LshUnrelatedCommand.class},
    description = "Parameters of the hash families.")
final class LshPlanCommand {
  /** Of the model that ships, after its centring. */
  private static final String UNRELATED_ENCODINGS = "/unrelated-reformer-minilm-256.txt";

  private static final String UNRELATED_TEXTS = "/unrelated-texts.txt";

  private static final int PLOT_ROWS = 10;
  private static final int PLOT_COLUMNS = 51;

  @Spec CommandSpec spec;

  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Chooses hash parameters from a similarity threshold and the costs of errors, and shows"
            + " the",
        "probability of becoming a candidate by similarity. Except for minhash it is simulated,",
        "probes included (always with the same seed; standard error at most 0.02). What is",
        "under 0.01 for cross-polytope is an estimate."
      })
  int plan(
      @Option(
              names = "--threshold",
              required = true,
              paramLabel = "T",
              description = "similarity from which documents are twins, between 0 and 1")
          double threshold,
      @Option(
              names = "--family",
              defaultValue = "minhash",
              paramLabel = "F",
              description = "minhash, simhash, hyperplanes, cross-polytope or euclidean")
          String family,
      @Option(
              names = "--miss-weight",
              paramLabel = "W",
              description =
                  "cost of a twin that is no candidate (default: 0.85 for minhash, as in the"
                      + " application, 0.98 for the others)")
          Double missWeight,
      @Option(
              names = "--false-candidate-weight",
              paramLabel = "W",
              description =
                  "cost of a candidate that is no twin (default: 0.15 for minhash, 0.02 for the"
                      + " others)")
          Double falseCandidateWeight,
      @Option(
              names = "--permutations",
              defaultValue = "256",
              paramLabel = "N",
              description = "length of a MinHash signature, 16 to 1024 (default: ${DEFAULT-VALUE})")
          int permutations,
      @Option(
              names = "--bands-max",
              defaultValue = "20",
              paramLabel = "N",
              description =
                  "keys of a text at most, 1 to 1024; for minhash alone (default:"
                      + " ${DEFAULT-VALUE})")
          int mostBands,
      @Option(
              names = "--tables",
              defaultValue = "8",
              paramLabel = "N",
              description = "stored tables, at most 8; not for minhash (default: ${DEFAULT-VALUE})")
          int tables,
      @Option(
              names = "--probes",
              defaultValue = "40",
              paramLabel = "N",
              description =
                  "keys a query looks under beside its own; not for minhash (default:"
                      + " ${DEFAULT-VALUE})")
          int probes,
      @Option(
              names = "--dimensions",
              defaultValue = "256",
              paramLabel = "N",
              description = "components of an encoding (default: ${DEFAULT-VALUE})")
          int dimensions,
      @Option(
              names = "--unrelated",
              paramLabel = "FILE",
              description = {
                "measured similarities of unrelated pairs, one a line, each with a count or without",
                "(default: for minhash those of texts of sixteen sources, lsh unrelated writes those",
                "of yours; for hyperplanes, cross-polytope and euclidean the built-in model's, after",
                "its centring, lsh fit writes another model's)"
              })
          Path unrelated,
      @Option(
              names = "--stored",
              defaultValue = "1000000",
              paramLabel = "N",
              description =
                  "documents stored, for the false candidates of one more (default:"
                      + " ${DEFAULT-VALUE})")
          long stored,
      @Option(
              names = "--most-candidates",
              defaultValue = "200",
              paramLabel = "N",
              description = {
                "where unrelated pairs are known: false candidates a document that are not to be"
                    + " passed; not for",
                "minhash, which only warns (default: ${DEFAULT-VALUE})"
              })
          double mostCandidates)
      throws IOException {
    PlannedFamily planned = family(family);
    boolean lexical = planned == PlannedFamily.MINHASH;
    if (lexical) {
      require("--permutations", permutations, 16, 1024);
      require("--bands-max", mostBands, 1, 1024);
    }
    LshGoals goals =
        new LshGoals(
            threshold,
            missWeight == null ? (lexical ? 0.85 : 0.98) : missWeight,
            falseCandidateWeight == null ? (lexical ? 0.15 : 0.02) : falseCandidateWeight);
    UnrelatedPairs pairs = unrelatedPairs(unrelated, planned);
    CandidateBudget budget =
        pairs == null ? null : new CandidateBudget(pairs, stored, mostCandidates);
    LshPlan plan;
    if (lexical) {
      plan = LshPlan.minHash(goals, permutations, mostBands);
    } else if (budget == null) {
      plan = LshPlan.cosine(planned, goals, tables, probes, dimensions);
    } else {
      plan = LshPlan.cosine(planned, goals, tables, probes, dimensions, budget);
    }
    PrintWriter out = spec.commandLine().getOut();
    print(plan, out);
    if (budget != null) {
      double candidates = plan.falseCandidates(budget);
      out.printf(
          Locale.ROOT, "false candidates a document at %,d stored: %.1f%n", stored, candidates);
      if (candidates > mostCandidates) {
        out.printf(Locale.ROOT, "warning: over %.0f false candidates a document%n", mostCandidates);
      }
    }
    if (plan.recallAtThreshold() < LshPlan.LEAST_RECALL) {
      out.printf(
          Locale.ROOT,
          "warning: of twins at the threshold only %.0f%% become candidates; raise --miss-weight,"
              + " %s%n",
          100 * plan.recallAtThreshold(),
          lexical ? "--bands-max or --permutations" : "--probes or --tables");
    }
    out.flush();
    return 0;
  }

  /** The ranges are the application's: what it would refuse is not planned for. */
  private static void require(String option, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          option + " is " + least + " to " + most + ", as in the application, found " + found);
    }
  }

  private static PlannedFamily family(String name) {
    for (PlannedFamily family : PlannedFamily.values()) {
      if (name(family).equals(name)) {
        return family;
      }
    }
    throw new IllegalArgumentException(
        "--family is minhash, simhash, hyperplanes, cross-polytope or euclidean, found " + name);
  }

  private static String name(PlannedFamily family) {
    return family.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Null where no file is named and none is built in. */
  private static UnrelatedPairs unrelatedPairs(Path file, PlannedFamily family) throws IOException {
    if (file != null) {
      try {
        return UnrelatedPairs.parse(Files.readAllLines(file, StandardCharsets.UTF_8));
      } catch (CharacterCodingException e) {
        throw new IOException(file + " is not UTF-8 text: save it as UTF-8");
      }
    }
    if (family == PlannedFamily.SIMHASH) {
      return null;
    }
    String measured = family == PlannedFamily.MINHASH ? UNRELATED_TEXTS : UNRELATED_ENCODINGS;
    try (InputStream in = LshPlanCommand.class.getResourceAsStream(measured)) {
      String content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return UnrelatedPairs.parse(content.lines().toList());
    }
  }

  private static void print(LshPlan plan, PrintWriter out) {
    PlannedFamily family = plan.family();
    out.printf(
        Locale.ROOT,
        "%s, threshold %.2f (%s): %d %s of %d %s%n",
        name(family),
        plan.goals().threshold(),
        family.measure(),
        plan.tables(),
        family.tables(),
        plan.functions(),
        family.functions());
    plan.width()
        .ifPresent(
            width -> out.printf(Locale.ROOT, "width of a step: %d (of 32767 to 1)%n", width));
    out.printf(
        Locale.ROOT,
        "a document: %d keys stored, %d more looked under, about %.0f bytes of state%n",
        plan.tables(),
        plan.probes(),
        plan.bytesADocument());
    out.printf(Locale.ROOT, "recall at the threshold: %.3f%n%n", plan.recallAtThreshold());
    out.println("similarity  candidate");
    for (int i = 0; i <= 20; i++) {
      out.printf(
          Locale.ROOT, "      %.2f      %.4f%n", i / 20.0, plan.candidateProbability(i / 20.0));
    }
    out.println();
    plot(plan, out);
  }

  /** The curve as stars; a column of colons stands at the threshold. */
  private static void plot(LshPlan plan, PrintWriter out) {
    long threshold = Math.round(plan.goals().threshold() * (PLOT_COLUMNS - 1));
    for (int row = PLOT_ROWS; row >= 0; row--) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < PLOT_COLUMNS; column++) {
        double probability = plan.candidateProbability(column / (PLOT_COLUMNS - 1.0));
        boolean here = Math.round(probability * PLOT_ROWS) == row;
        line.append(here ? '*' : column == threshold ? ':' : ' ');
      }
      out.printf(
          Locale.ROOT, "%4.1f |%s%n", (double) row / PLOT_ROWS, line.toString().stripTrailing());
    }
    out.println("     +" + "-".repeat(PLOT_COLUMNS));
    out.println("      0" + " ".repeat(PLOT_COLUMNS - 2) + "1  similarity");
  }
}

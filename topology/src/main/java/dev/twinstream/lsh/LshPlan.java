package dev.twinstream.lsh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Parameters that follow from goals: the number of functions a table (for MinHash of tables too)
 * with the least weighted error of the candidate curve.
 */
public final class LshPlan {
  /** Stored tables of the families on cosines: recall beyond them comes from probes. */
  public static final int MOST_TABLES = 8;

  /** A recall at the threshold below this is warned of. */
  public static final double LEAST_RECALL = 0.9;

  /** What the buckets' store takes of disk for each, in a stream of half copies: bench dedup. */
  private static final double BYTES_A_POSTING = 11;

  /** Of the simulated rotations; any would do. */
  private static final long SEED = 1;

  private static final int MOST_BITS = 32;
  private static final int MOST_POLYTOPES = 3;
  private static final int MOST_PROJECTIONS = 16;
  private static final double[] WIDTHS = {1, 2, 4};

  private final PlannedFamily family;
  private final LshGoals goals;
  private final int tables;
  private final int functions;
  private final int probes;
  private final int width;
  private final int sketchBytes;
  private final CandidateCurve curve;

  private LshPlan(
      PlannedFamily family,
      LshGoals goals,
      int tables,
      int functions,
      int probes,
      int width,
      int sketchBytes,
      CandidateCurve curve) {
    this.family = family;
    this.goals = goals;
    this.tables = tables;
    this.functions = functions;
    this.probes = probes;
    this.width = width;
    this.sketchBytes = sketchBytes;
    this.curve = curve;
  }

  /**
   * Bands and rows, by {@link Banding#forThreshold}.
   *
   * @param permutations signature length, at least 1
   * @param mostBands at least 1
   */
  public static LshPlan minHash(LshGoals goals, int permutations, int mostBands) {
    Banding banding =
        Banding.forThreshold(
            goals.threshold(),
            permutations,
            mostBands,
            goals.falseCandidateWeight(),
            goals.missWeight());
    return new LshPlan(
        PlannedFamily.MINHASH,
        goals,
        banding.bands(),
        banding.rows(),
        0,
        0,
        BBitSignature.packedBytes(permutations) + banding.bands() * banding.rows(),
        new CandidateCurve(banding::candidateProbability));
  }

  /**
   * Functions a table for a family on cosines.
   *
   * @param tables stored, 1 to {@link #MOST_TABLES}
   * @param probes keys a query looks under beside its own, 0 or more
   * @param dimensions of an encoding, 1 to 4096; SimHash has none and takes no notice
   */
  public static LshPlan cosine(
      PlannedFamily family, LshGoals goals, int tables, int probes, int dimensions) {
    return candidates(family, goals, tables, probes, dimensions).stream()
        .min(Comparator.comparingDouble(plan -> plan.curve.error(goals)))
        .orElseThrow();
  }

  /**
   * Functions a table for a family on cosines, of those that keep the budget; where none does,
   * those of fewest false candidates.
   */
  public static LshPlan cosine(
      PlannedFamily family,
      LshGoals goals,
      int tables,
      int probes,
      int dimensions,
      CandidateBudget budget) {
    return candidates(family, goals, tables, probes, dimensions).stream()
        .min(
            Comparator.<LshPlan>comparingDouble(
                    plan -> Math.max(budget.most(), plan.falseCandidates(budget)))
                .thenComparingDouble(plan -> plan.curve.error(goals)))
        .orElseThrow();
  }

  private static List<LshPlan> candidates(
      PlannedFamily family, LshGoals goals, int tables, int probes, int dimensions) {
    if (tables < 1 || tables > MOST_TABLES) {
      throw new IllegalArgumentException(
          "1 to " + MOST_TABLES + " tables are stored, found " + tables);
    }
    MultiProbe.requireCount(probes);
    if (dimensions < 1 || dimensions > NormalMatrix.MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "an encoding has 1 to 4096 dimensions, found " + dimensions);
    }
    List<LshPlan> plans = new ArrayList<>();
    for (Option option : options(family, goals, dimensions)) {
      int sketch =
          family == PlannedFamily.SIMHASH
              ? (tables * option.functions() + 7) / 8
              : QuantizedEncoding.compressedBytes(dimensions);
      plans.add(
          new LshPlan(
              family,
              goals,
              tables,
              option.functions(),
              probes,
              option.width(),
              sketch,
              curve(option, tables, probes, dimensions)));
    }
    return plans;
  }

  private static CandidateCurve curve(Option option, int tables, int probes, int dimensions) {
    if (option.bucketing() instanceof Bucketing.Polytopes polytopes) {
      CrossPolytope family =
          new CrossPolytope(
              tables, polytopes.functions(), dimensions, polytopes.size(), 0, SEED, 0);
      double keys = Math.pow(2 * polytopes.size(), polytopes.functions());
      return CandidateCurve.simulated(family, dimensions, probes)
          .estimatedBelowResolution(Math.min(1, (tables + probes) / keys));
    }
    return CandidateCurve.simulated(option.bucketing(), tables, probes);
  }

  /** A choice that is tried. */
  private record Option(int functions, int width, Bucketing bucketing) {}

  private static List<Option> options(PlannedFamily family, LshGoals goals, int dimensions) {
    List<Option> options = new ArrayList<>();
    switch (family) {
      case SIMHASH, HYPERPLANES -> {
        for (int bits = 1; bits <= MOST_BITS; bits++) {
          options.add(new Option(bits, 0, new Bucketing.Signs(bits)));
        }
      }
      case CROSS_POLYTOPE -> {
        int size = CrossPolytope.finerSize(dimensions);
        for (int polytopes = 1; polytopes <= MOST_POLYTOPES; polytopes++) {
          options.add(new Option(polytopes, 0, new Bucketing.Polytopes(polytopes, size)));
        }
      }
      case EUCLIDEAN -> {
        double distance = Math.sqrt(2 - 2 * goals.threshold()) * Short.MAX_VALUE;
        for (double factor : WIDTHS) {
          int width = (int) Math.max(1, Math.round(factor * distance));
          for (int projections = 1; projections <= MOST_PROJECTIONS; projections++) {
            Bucketing steps =
                EuclideanSteps.steps(width * NormalMatrix.DEVIATION, projections, projections);
            options.add(new Option(projections, width, steps));
          }
        }
      }
      case MINHASH -> throw new IllegalArgumentException("MinHash is planned by its permutations");
    }
    return options;
  }

  public PlannedFamily family() {
    return family;
  }

  public LshGoals goals() {
    return goals;
  }

  /** Keys a document is stored under: bands or tables. */
  public int tables() {
    return tables;
  }

  /** Rows, bits, polytopes or projections joined in a key. */
  public int functions() {
    return functions;
  }

  /** Keys a query looks under beside its own. */
  public int probes() {
    return probes;
  }

  /** Of a step of {@link EuclideanSteps}, in quantised steps; none for other families. */
  public OptionalInt width() {
    return family == PlannedFamily.EUCLIDEAN ? OptionalInt.of(width) : OptionalInt.empty();
  }

  /**
   * The probability of becoming candidates; simulated, with a standard error of at most 0.02, for
   * the families on cosines.
   *
   * @param similarity in the family's measure; below 0 counts as 0
   */
  public double candidateProbability(double similarity) {
    return curve.at(similarity);
  }

  /** The probability at the threshold, where it is least among twins. */
  public double recallAtThreshold() {
    return candidateProbability(goals.threshold());
  }

  /** State a document: postings, by their measured size, and sketch. */
  public double bytesADocument() {
    return tables * BYTES_A_POSTING + sketchBytes;
  }

  /** Candidates that are no twins, for one document. */
  public double falseCandidates(CandidateBudget budget) {
    return budget.falseCandidates(curve);
  }
}

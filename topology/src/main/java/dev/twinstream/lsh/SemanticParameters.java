package dev.twinstream.lsh;

/**
 * How encodings become bucket keys.
 *
 * @param family whose keys
 * @param tables keys an encoding is stored under, 1 to {@link LshPlan#MOST_TABLES}: more recall
 *     comes from probes, which take no state
 * @param functions joined in a table's key: polytopes, hyperplanes or projections, 1 to 63
 * @param probes keys that an encoding looks under beside its own, 0 or more
 * @param stepWidth of Euclidean keys, at least 1; see {@link EuclideanSteps}
 * @param seed of the hash functions
 */
public record SemanticParameters(
    Family family, int tables, int functions, int probes, int stepWidth, long seed) {
  /**
   * A step's default width: twice the distance of unit vectors with a cosine of 0.85, which twins
   * reach.
   */
  public static final int STEP_WIDTH = 35_894;

  /** Families that can make the keys. */
  public enum Family {
    /** {@link CrossPolytope}, with twice the axes that the encoding needs. */
    CROSS_POLYTOPE("cross-polytope"),
    /** {@link RandomHyperplanes}. */
    HYPERPLANES("hyperplanes"),
    /** {@link EuclideanSteps}. */
    EUCLIDEAN("euclidean");

    private final String word;

    Family(String word) {
      this.word = word;
    }

    /** The family's name in options. */
    public String word() {
      return word;
    }

    /**
     * @throws IllegalArgumentException for a word that names none
     */
    public static Family of(String word) {
      for (Family family : values()) {
        if (family.word.equals(word)) {
          return family;
        }
      }
      throw new IllegalArgumentException(
          "the family of semantic keys is cross-polytope, hyperplanes or euclidean, found " + word);
    }
  }

  /** With the default width of steps. */
  public SemanticParameters(Family family, int tables, int functions, int probes, long seed) {
    this(family, tables, functions, probes, STEP_WIDTH, seed);
  }

  public SemanticParameters {
    if (tables < 1 || tables > LshPlan.MOST_TABLES) {
      throw new IllegalArgumentException(
          "1 to " + LshPlan.MOST_TABLES + " semantic tables are stored, found " + tables);
    }
    MultiProbe.requireCount(probes);
  }
}

package dev.twinstream.recall;

/**
 * Recall counted on true pairs, with a 95% interval (Wilson, Probable inference, the law of
 * succession, and statistical inference, 1927).
 *
 * <p>The pairs of one newcomer stand or fall together: it may be the copy of a hundred copies. The
 * interval therefore takes each newcomer's pairs as wholly dependent and counts (sum of n)^2 / sum
 * of n^2 independent ones (Kish, Survey Sampling, 1965, section 5.4), which is the number of pairs
 * where each newcomer has one. It is wider than it need be rather than too narrow.
 *
 * @param pairs true pairs
 * @param found those among them that share a bucket key
 * @param squares sum over newcomers of their number of pairs, squared
 */
public record RecallEstimate(long pairs, long found, long squares) {
  /** With fewer pairs than this nothing is said. */
  public static final int LEAST_PAIRS = 50;

  /** Nothing counted yet. */
  public static final RecallEstimate NONE = new RecallEstimate(0, 0, 0);

  /** Quantile of the normal distribution that leaves 2.5% above it. */
  private static final double Z = 1.959963984540054;

  public RecallEstimate {
    if (found < 0 || found > pairs || squares < pairs) {
      throw new IllegalArgumentException(
          "wanted 0 <= found <= pairs <= squares, found found="
              + found
              + " pairs="
              + pairs
              + " squares="
              + squares);
    }
  }

  /**
   * Adds one newcomer, or one probe.
   *
   * @param pairs its true pairs, 0 or more
   * @param found those that share a key with it
   */
  public RecallEstimate plus(int pairs, int found) {
    return plus(new RecallEstimate(pairs, found, (long) pairs * pairs));
  }

  /** Both together, as of two partitions. */
  public RecallEstimate plus(RecallEstimate other) {
    return new RecallEstimate(pairs + other.pairs, found + other.found, squares + other.squares);
  }

  /** Whether there are pairs enough to say anything. */
  public boolean isKnown() {
    return pairs >= LEAST_PAIRS;
  }

  /** Between 0 and 1; NaN where it is unknown. */
  public double recall() {
    return isKnown() ? (double) found / pairs : Double.NaN;
  }

  /** Lower end of the interval, 0 or more; NaN where it is unknown. */
  public double low() {
    return isKnown() ? Math.max(0, centre() - halfWidth()) : Double.NaN;
  }

  /** Upper end of the interval, 1 or less; NaN where it is unknown. */
  public double high() {
    return isKnown() ? Math.min(1, centre() + halfWidth()) : Double.NaN;
  }

  private double independentPairs() {
    return (double) pairs * pairs / squares;
  }

  private double centre() {
    double n = independentPairs();
    return (recall() + Z * Z / (2 * n)) / (1 + Z * Z / n);
  }

  private double halfWidth() {
    double n = independentPairs();
    double p = recall();
    return Z * StrictMath.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
  }

  /** As people read it. */
  @Override
  public String toString() {
    return isKnown()
        ? String.format(
            java.util.Locale.ROOT,
            "%.3f (95%% interval %.3f to %.3f, %,d pairs)",
            recall(),
            low(),
            high(),
            pairs)
        : "unknown (" + pairs + " pairs, wanted " + LEAST_PAIRS + ")";
  }
}

package dev.twinstream.dedup;

/**
 * The probability that two documents' true Jaccard similarity reaches a threshold, given how many
 * components of their MinHash signatures are equal.
 *
 * <p>Components agree independently with probability J (Broder, On the resemblance and containment
 * of documents, 1997), so with a uniform prior J given m of k is Beta(m + 1, k - m + 1), and its
 * tail is a binomial sum: P(J &gt;= t) = P(Binomial(k + 1, t) &lt;= m).
 */
public final class TwinProbability {
  private final double[] byMatches;

  /**
   * @param components signature length k, at least 1
   * @param threshold Jaccard similarity, strictly between 0 and 1
   */
  public TwinProbability(int components, double threshold) {
    if (components < 1 || !(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "components must be at least 1 and threshold between 0 and 1, found "
              + components
              + " and "
              + threshold);
    }
    byMatches = new double[components + 1];
    double logOdds = StrictMath.log(threshold) - StrictMath.log1p(-threshold);
    double logTerm = (components + 1) * StrictMath.log1p(-threshold);
    double sum = 0;
    for (int matches = 0; matches <= components; matches++) {
      sum += StrictMath.exp(logTerm);
      byMatches[matches] = Math.min(1, sum);
      logTerm += StrictMath.log((components + 1.0 - matches) / (matches + 1.0)) + logOdds;
    }
  }

  /**
   * @param matches equal components, 0 to k
   */
  public double of(int matches) {
    return byMatches[matches];
  }

  /** Signature length k. */
  public int components() {
    return byMatches.length - 1;
  }
}

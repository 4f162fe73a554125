package dev.twinstream.dedup;

/**
 * The probability that two linked texts are versions of one, by logistic regression.
 *
 * <p>Coefficients are what {@code python -m twinstream_reformer.calibrate CORPUS} (folder {@code
 * model/python}) prints at its defaults, on 64,713 texts of a corpus of encyclopaedia, books,
 * documentation, mail, news and terms; the expected calibration error on bases held out was 0.04
 * (sparse) and 0.06 (crowded). It makes streams from real base texts: damaged copies, revised
 * pages, messages with and without headers; and, as what is hard to tell apart, families of texts
 * derived from one template, forms with other facts, different texts in one frame. Of these, bases
 * not fitted on give the table.
 */
public final class TwinModel {
  /** The model that ships. */
  public static final TwinModel STANDARD =
      new TwinModel(
          new double[] {-3.765, 1.069, 0.492}, new double[] {0.085, 0.298, 0.466, -8.921});

  /** Estimates are never surer than this: signatures are finite. */
  private static final double MOST = 0.98;

  private static final double LEAST = 0.005;

  private final double[] sparse;
  private final double[] crowded;

  /**
   * @param sparse constant, weight of containment's logit, at least 0, and of the logarithm of the
   *     shorter text's shingles
   * @param crowded constant, weights of Jaccard's and containment's logits, at least 0, and of the
   *     difference in length, at most 0
   */
  TwinModel(double[] sparse, double[] crowded) {
    if (sparse.length != 3 || crowded.length != 4) {
      throw new IllegalArgumentException(
          "3 and 4 coefficients are wanted, found " + sparse.length + " and " + crowded.length);
    }
    if (sparse[1] < 0 || crowded[1] < 0 || crowded[2] < 0 || crowded[3] > 0) {
      throw new IllegalArgumentException(
          "a likelier pair must not get a lower probability, found weights "
              + sparse[1]
              + ", "
              + crowded[1]
              + ", "
              + crowded[2]
              + " and "
              + crowded[3]);
    }
    this.sparse = sparse.clone();
    this.crowded = crowded.clone();
  }

  /**
   * @param isCrowded whether many other texts stand close by
   * @return strictly between 0 and 1
   */
  public double probability(Evidence evidence, boolean isCrowded) {
    double logit = isCrowded ? crowdedLogit(evidence) : sparseLogit(evidence);
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private double sparseLogit(Evidence evidence) {
    int shorter = Math.min(evidence.shinglesA(), evidence.shinglesB());
    return sparse[0]
        + sparse[1] * logit(evidence.containment(), MOST)
        + sparse[2] * StrictMath.log(shorter);
  }

  private double crowdedLogit(Evidence evidence) {
    return crowded[0]
        + crowded[1] * logit(evidence.jaccard(), 1 - LEAST)
        + crowded[2] * logit(evidence.containment(), MOST)
        + crowded[3] * evidence.lengthDifference();
  }

  private static double logit(double share, double most) {
    double bounded = Math.max(LEAST, Math.min(most, share));
    return StrictMath.log(bounded / (1 - bounded));
  }
}

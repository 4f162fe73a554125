package dev.twinstream.lsh;

/**
 * Signatures cut into bands of rows: two documents are candidates when all rows of a band agree
 * (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.2).
 *
 * @param bands number of bands, and so of keys a document
 * @param rows signature components a band
 */
public record Banding(int bands, int rows) {
  private static final int STEPS = 200;

  public Banding {
    if (bands < 1 || rows < 1) {
      throw new IllegalArgumentException(
          "bands and rows are at least 1, found " + bands + " and " + rows);
    }
  }

  /**
   * The bands and rows that make the weighted sum of false candidates (area under the candidate
   * curve below the threshold) and misses (area above the curve over the threshold) least; the
   * criterion of Zhu, Nargesian, Pu, Miller, LSH Ensemble, VLDB 2016, section 5.
   *
   * @param threshold Jaccard similarity, strictly between 0 and 1
   * @param permutations signature length
   */
  public static Banding forThreshold(
      double threshold, int permutations, double falsePositiveWeight, double falseNegativeWeight) {
    return forThreshold(
        threshold, permutations, permutations, falsePositiveWeight, falseNegativeWeight);
  }

  /**
   * The same with at most so many bands, each of which costs a document a stored key.
   *
   * @param mostBands at least 1
   */
  public static Banding forThreshold(
      double threshold,
      int permutations,
      int mostBands,
      double falsePositiveWeight,
      double falseNegativeWeight) {
    if (!(threshold > 0 && threshold < 1) || permutations < 1 || mostBands < 1) {
      throw new IllegalArgumentException(
          "wanted a threshold between 0 and 1, at least 1 permutation and at least 1 band, found "
              + threshold
              + ", "
              + permutations
              + " and "
              + mostBands);
    }
    Banding best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int rows = 1; rows <= permutations; rows++) {
      for (int bands = 1; bands <= mostBands && bands * rows <= permutations; bands++) {
        Banding banding = new Banding(bands, rows);
        double error =
            falsePositiveWeight * banding.area(0, threshold)
                + falseNegativeWeight * (1 - threshold - banding.area(threshold, 1));
        if (error < least) {
          least = error;
          best = banding;
        }
      }
    }
    return best;
  }

  /** The probability that documents of this similarity become candidates. */
  public double candidateProbability(double jaccard) {
    return 1 - StrictMath.pow(1 - StrictMath.pow(jaccard, rows), bands);
  }

  private double area(double from, double to) {
    double step = (to - from) / STEPS;
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += candidateProbability(from + (i + 0.5) * step);
    }
    return sum * step;
  }

  /** One bucket key a band. */
  public long[] keys(int[] signature, long epoch, long scope) {
    long[] keys = new long[bands];
    for (int band = 0; band < bands; band++) {
      long code = 0;
      for (int row = 0; row < rows; row++) {
        code = Mixer.combine(code, signature[band * rows + row]);
      }
      keys[band] = BucketKeys.key(BucketKeys.MINHASH, epoch, band, code, scope);
    }
    return keys;
  }
}

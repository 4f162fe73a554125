package dev.twinstream.dedup;

import java.util.Arrays;

/**
 * The probabilities that two linked texts are versions of one, and that one stands in the other, by
 * logistic regression.
 *
 * <p>Coefficients are what {@code python -m twinstream_reformer.calibrate CORPUS --bundle BUNDLE
 * --ops LIBRARY} (folder {@code model/python}) prints at its defaults, on 64,713 texts of a corpus
 * of encyclopaedia, books, documentation, mail, news and terms. It makes streams from real base
 * texts: damaged copies, copies with words edited all over, revised pages, messages with and
 * without headers; and, as what is hard to tell apart, families of texts derived from one template,
 * forms with other facts, different texts in one frame, which count half where they stand alone.
 * For containment it makes excerpts and longer texts around a text, edited or mixed with foreign
 * text, whose true containment is known. Of all these, bases not fitted on give the tables that it
 * prints; the expected calibration error was 0.022 (sparse; 0.019 with the cosine), 0.021 (crowded)
 * and 0.013 (contained).
 */
public final class TwinModel {
  /** The model that ships. */
  public static final TwinModel STANDARD =
      new TwinModel(
          new double[] {-1.922, 0.913, 0.212, 2.161, -0.108},
          new double[] {-2.512, 0.803, 0.036, 1.240, -0.535, 0.896},
          new double[] {-0.503, 1.082, -17.912},
          new double[] {0.299, 1.763});

  /** Estimates are never surer than this: signatures are finite. */
  private static final double MOST = 0.98;

  private static final double LEAST = 0.005;

  /** Lengths are alike when their difference is about this, in the unit of Evidence. */
  private static final double LIKE_LENGTH = 0.05;

  /** Added to a cosine distance, so that the logarithm of none is finite. */
  private static final double NO_DISTANCE = 0.005;

  private final double[] sparse;
  private final double[] sparseWithCosine;
  private final double[] crowded;
  private final double[] contained;

  /**
   * @param sparse constant, weights of containment's logit, at least 0, of the logarithm of the
   *     shorter text's shingles, of the likeness in length, and of that times containment's logit:
   *     with containment's own weight at least 0 together; for texts of which one has no encoding
   * @param sparseWithCosine the same for two encoded texts, and the weight, at least 0, of minus
   *     the logarithm of the encodings' cosine distance
   * @param crowded constant, weights of containment's logit, at least 0, and of the difference in
   *     length, at most 0
   * @param contained constant, weight of the standard deviations that the equal components lie over
   *     those of a containment of {@link TwinDecision#CONTAINED}, at least 0
   */
  TwinModel(double[] sparse, double[] sparseWithCosine, double[] crowded, double[] contained) {
    if (sparse.length != 5
        || sparseWithCosine.length != 6
        || crowded.length != 3
        || contained.length != 2) {
      throw new IllegalArgumentException(
          "5, 6, 3 and 2 coefficients are wanted, found "
              + sparse.length
              + ", "
              + sparseWithCosine.length
              + ", "
              + crowded.length
              + " and "
              + contained.length);
    }
    if (sparse[1] < 0
        || sparse[1] + sparse[4] < 0
        || sparseWithCosine[1] < 0
        || sparseWithCosine[1] + sparseWithCosine[4] < 0
        || sparseWithCosine[5] < 0
        || crowded[1] < 0
        || crowded[2] > 0
        || contained[1] < 0) {
      throw new IllegalArgumentException(
          "a likelier pair must not get a lower probability, found weights "
              + Arrays.toString(sparse)
              + " and "
              + Arrays.toString(sparseWithCosine)
              + " (sparse), "
              + crowded[1]
              + " and "
              + crowded[2]
              + " (crowded), "
              + contained[1]
              + " (contained)");
    }
    this.sparse = sparse.clone();
    this.sparseWithCosine = sparseWithCosine.clone();
    this.crowded = crowded.clone();
    this.contained = contained.clone();
  }

  /**
   * That the two are versions of one text.
   *
   * @param isCrowded whether many other texts stand close by
   * @return strictly between 0 and 1
   */
  public double probability(Evidence evidence, boolean isCrowded) {
    return logistic(isCrowded ? crowdedLogit(evidence) : sparseLogit(evidence));
  }

  /**
   * That the longer text has at least {@link TwinDecision#CONTAINED} of the shorter one's shingles.
   *
   * @return between 0 and 1
   */
  double containedProbability(Evidence evidence) {
    int shorter = Math.min(evidence.shinglesA(), evidence.shinglesB());
    int longer = Math.max(evidence.shinglesA(), evidence.shinglesB());
    double common = TwinDecision.CONTAINED * shorter;
    double agreement = Evidence.agreement(common / (shorter + (longer - common)));
    int components = evidence.components();
    double deviation = StrictMath.sqrt(components * agreement * (1 - agreement));
    return logistic(
        contained[0] + contained[1] * (evidence.matches() - components * agreement) / deviation);
  }

  /**
   * Edits all over a text leave its length; texts that share a frame or a form have like lengths by
   * chance alone. Headers stripped and parts added leave the shorter text whole instead.
   */
  private double sparseLogit(Evidence evidence) {
    int shorter = Math.min(evidence.shinglesA(), evidence.shinglesB());
    double likeLength = StrictMath.exp(-evidence.lengthDifference() / LIKE_LENGTH);
    Double cosine = evidence.cosineOrNull();
    double[] weights = cosine == null ? sparse : sparseWithCosine;
    double lexical =
        weights[0]
            + (weights[1] + weights[4] * likeLength) * logit(evidence.containment())
            + weights[2] * StrictMath.log(shorter)
            + weights[3] * likeLength;
    return cosine == null
        ? lexical
        : lexical - weights[5] * StrictMath.log(NO_DISTANCE + 1 - cosine);
  }

  private double crowdedLogit(Evidence evidence) {
    return crowded[0]
        + crowded[1] * logit(evidence.containment())
        + crowded[2] * evidence.lengthDifference();
  }

  private static double logit(double share) {
    double bounded = Math.max(LEAST, Math.min(MOST, share));
    return StrictMath.log(bounded / (1 - bounded));
  }

  private static double logistic(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }
}

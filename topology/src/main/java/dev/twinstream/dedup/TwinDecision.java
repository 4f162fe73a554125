package dev.twinstream.dedup;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rule that gives a document its near-duplicate verdict, from all its links to earlier
 * contents. It does not hang on the links' order.
 *
 * <p>How alike twins are depends on how many texts stand close by. Where few do, a quarter of
 * common shingles is telling if most of the shorter text is found in the longer (headers get
 * stripped, pages grow) or if both are of one length (words got edited). Where many do, they were
 * made from one template, and what tells texts apart is a clause more or less, whereas versions of
 * one text differ in names and so hardly in length. So there are two logistic models, one for
 * sparse neighbourhoods and one for crowded ones, and a third for short texts in long ones. Where
 * few are alike, the cosine of the encodings is heard too, if both texts have one; in crowds, of
 * texts that say nearly the same, it tells nothing. All were fitted to made-up streams (see {@link
 * TwinModel}), so that the probability means the share of such pairs that are twins.
 *
 * <p>In a crowd a wrong link joins two clusters, whereas a missed one costs one document its twin:
 * there the odds have to be twice the threshold's. Of pairs that the model gives 0.7 there, two
 * thirds are twins, on bases held out; so the odds that it states have to be {@link #CROWD_ODDS}
 * times the threshold's.
 */
public final class TwinDecision {
  /** Less alike than this, texts are no versions of each other. */
  static final double LEAST_JACCARD = 0.25;

  /** A neighbourhood is crowded when more than {@link #SPARSE} links reach this similarity. */
  static final double CLOSE_JACCARD = 0.4;

  static final int SPARSE = 3;
  static final double CROWD_ODDS = 2.33;

  /**
   * Of a text so many times longer than another, signatures cannot tell whether it contains it: too
   * few components would agree.
   */
  static final int MOST_LENGTH_RATIO = 10;

  /** Texts whose lengths differ by less are near twins or nothing. */
  static final long LEAST_LENGTH_RATIO = 2;

  /** A text is contained in another when it shares this much of its shingles with it. */
  static final double CONTAINED = 0.8;

  private final TwinModel model;
  private final double leastNear;
  private final double leastNearInCrowd;
  private final double leastContained;

  /**
   * @param threshold the probability from which a link makes a verdict, strictly between 0 and 1;
   *     0.5 weighs a miss like a wrong link
   */
  public TwinDecision(TwinModel model, double threshold) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "twin.probability must lie strictly between 0 and 1, found " + threshold);
    }
    this.model = model;
    leastNear = threshold;
    double odds = CROWD_ODDS * threshold / (1 - threshold);
    leastNearInCrowd = odds / (1 + odds);
    leastContained = threshold;
  }

  /**
   * Whether two contents are alike enough for their link to be kept: it may shape a verdict, by
   * being chosen or by showing that a neighbourhood is crowded.
   */
  public boolean isLink(Evidence evidence) {
    double jaccard = evidence.jaccard();
    return jaccard >= CLOSE_JACCARD
        || (jaccard >= LEAST_JACCARD && model.probability(evidence, false) >= leastNear)
        || containedProbability(evidence) >= leastContained;
  }

  /**
   * @param links of one document, each with an eligible earlier document
   */
  public Choice decide(List<Linked> links) {
    boolean crowded = isCrowded(links);
    double least = crowded ? leastNearInCrowd : leastNear;
    int near = Choice.NONE;
    int containing = Choice.NONE;
    for (int i = 0; i < links.size(); i++) {
      Evidence evidence = links.get(i).evidence();
      if (evidence.jaccard() >= LEAST_JACCARD
          && isBetter(links, i, near, each -> published(model.probability(each, crowded), least))) {
        near = i;
      }
      if (containedProbability(evidence) >= leastContained
          && isBetter(
              links,
              i,
              containing,
              each -> published(containedProbability(each), leastContained))) {
        containing = i;
      }
    }
    double probability =
        near == Choice.NONE ? 0 : model.probability(links.get(near).evidence(), crowded);
    if (near != Choice.NONE && probability >= least) {
      return new Choice(near, Choice.Kind.NEAR, probability);
    }
    if (containing != Choice.NONE) {
      return new Choice(
          containing,
          Choice.Kind.CONTAINED,
          containedProbability(links.get(containing).evidence()));
    }
    return new Choice(Choice.NONE, Choice.Kind.UNIQUE, probability);
  }

  /**
   * A probability that makes a verdict as it shows it: what differs behind that is rounding, and
   * such links are equals. One that makes none comes behind all that do.
   */
  private static double published(double probability, double least) {
    return probability >= least ? 1 + Verdicts.tenThousandths(probability) : probability;
  }

  private static boolean isCrowded(List<Linked> links) {
    int close = 0;
    for (Linked link : links) {
      close += link.evidence().jaccard() >= CLOSE_JACCARD ? 1 : 0;
    }
    return close > SPARSE;
  }

  /** The most probable is the best, and of equals the earliest. */
  private static boolean isBetter(
      List<Linked> links, int i, int best, ToDoubleFunction<Evidence> rule) {
    if (best == Choice.NONE) {
      return true;
    }
    double probability = rule.applyAsDouble(links.get(i).evidence());
    double bestProbability = rule.applyAsDouble(links.get(best).evidence());
    return probability > bestProbability
        || (probability == bestProbability && links.get(i).isEarlierThan(links.get(best)));
  }

  /**
   * The probability that the shorter text stands in the longer: given the sample of shingles, whose
   * members are in the other text with the very probability of the true containment, any being as
   * likely before; or else given the equal components. 0 for texts of like length, which are near
   * twins or nothing, and without samples for those whose lengths differ too much to tell.
   */
  private double containedProbability(Evidence evidence) {
    int shorter = Math.min(evidence.shinglesA(), evidence.shinglesB());
    int longer = Math.max(evidence.shinglesA(), evidence.shinglesB());
    if (longer < LEAST_LENGTH_RATIO * shorter) {
      return 0;
    }
    if (evidence.overlapOrNull() != null) {
      return BinomialTail.shareAtLeast(
          CONTAINED, evidence.overlapOrNull().common(), evidence.overlapOrNull().sampled());
    }
    if (longer > (long) MOST_LENGTH_RATIO * shorter) {
      return 0;
    }
    return model.containedProbability(evidence);
  }
}

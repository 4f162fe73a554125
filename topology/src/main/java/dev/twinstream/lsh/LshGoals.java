package dev.twinstream.lsh;

/**
 * What a user wants of a choice of parameters.
 *
 * @param threshold similarity from which documents are twins, strictly between 0 and 1
 * @param missWeight how much a twin that is no candidate costs, over 0 and finite
 * @param falseCandidateWeight how much a candidate that is no twin costs, over 0 and finite
 */
public record LshGoals(double threshold, double missWeight, double falseCandidateWeight) {
  public LshGoals {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException("the threshold is between 0 and 1, found " + threshold);
    }
    if (!isWeight(missWeight) || !isWeight(falseCandidateWeight)) {
      throw new IllegalArgumentException(
          "the weights of a miss and of a false candidate are finite and over 0, found "
              + missWeight
              + " and "
              + falseCandidateWeight);
    }
  }

  private static boolean isWeight(double weight) {
    return weight > 0 && weight < Double.POSITIVE_INFINITY;
  }
}

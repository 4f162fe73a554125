package dev.twinstream.lsh;

/**
 * How many false candidates a document may have, and the measured pairs by which they are foretold.
 *
 * @param unrelated measured; a curve's foretelling is no better than there are pairs in the tail
 * @param stored documents there are, 0 or more
 * @param most false candidates a document, over 0
 */
public record CandidateBudget(UnrelatedPairs unrelated, long stored, double most) {
  public CandidateBudget {
    if (stored < 0 || !(most > 0)) {
      throw new IllegalArgumentException(
          "wanted 0 or more stored documents and over 0 candidates, found "
              + stored
              + " and "
              + most);
    }
  }

  /** False candidates of one document. */
  double falseCandidates(CandidateCurve curve) {
    return unrelated.mean(curve::at) * stored;
  }
}

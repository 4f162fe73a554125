package dev.twinstream.lsh;

/**
 * How many false candidates a document may have, and the measured pairs by which they are foretold.
 *
 * @param unrelated measured similarities of unrelated pairs, at least one; a curve's foretelling is
 *     no better than there are pairs in the tail
 * @param stored documents there are, 0 or more
 * @param most false candidates a document, over 0
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record CandidateBudget(double[] unrelated, long stored, double most) {
  public CandidateBudget {
    if (unrelated.length == 0 || stored < 0 || !(most > 0)) {
      throw new IllegalArgumentException(
          "wanted measured similarities, 0 or more stored documents and over 0 candidates, found "
              + unrelated.length
              + ", "
              + stored
              + " and "
              + most);
    }
  }

  /** False candidates of one document. */
  double falseCandidates(CandidateCurve curve) {
    double sum = 0;
    for (double similarity : unrelated) {
      sum += curve.at(similarity);
    }
    return sum / unrelated.length * stored;
  }
}

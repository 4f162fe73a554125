package dev.twinstream.lsh;

/**
 * A family of locality-sensitive hash functions, amplified by tables (Indyk, Motwani, Approximate
 * nearest neighbors, STOC 1998, section 4.2): a table's key joins the values of several functions,
 * all of which must agree, and one table that agrees makes candidates.
 *
 * @param <T> features, as in {@link CandidateGenerator}
 */
public interface HashFamily<T> extends CandidateGenerator<T> {
  /** Keys a document is stored under, at least 1. */
  int tables();

  /** Functions joined in a table's key, at least 1. */
  int functions();

  /**
   * The probability that one function gives both of two documents the same value.
   *
   * @param similarity the family's own measure: Jaccard similarity, 0 to 1, or the cosine of the
   *     angle between two vectors, -1 to 1
   */
  double collisionProbability(double similarity);

  /** The probability that two documents share a stored key, without probes. */
  default double candidateProbability(double similarity) {
    double table = StrictMath.pow(collisionProbability(similarity), functions());
    return 1 - StrictMath.pow(1 - table, tables());
  }
}

package dev.twinstream.lsh;

/** Relations between measures of set similarity. */
public final class Similarity {
  private Similarity() {}

  /**
   * Share of the smaller set found in the larger, from Jaccard similarity and sizes: with J = |A n
   * B| / |A u B|, |A n B| = J (|A| + |B|) / (1 + J).
   *
   * @return between 0 and 1; 0 where a set is empty
   */
  public static double containment(double jaccard, int sizeA, int sizeB) {
    int smaller = Math.min(sizeA, sizeB);
    if (smaller == 0) {
      return 0;
    }
    double common = jaccard * ((double) sizeA + sizeB) / (1 + jaccard);
    return Math.min(1, common / smaller);
  }
}

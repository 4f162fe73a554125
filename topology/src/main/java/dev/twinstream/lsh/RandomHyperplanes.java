package dev.twinstream.lsh;

/**
 * Sign random projections of quantised encodings: two vectors at angle a agree in a bit with
 * probability 1 - a / pi (Charikar, Similarity estimation techniques from rounding algorithms, STOC
 * 2002, section 3). Integers throughout, so that the same quantised encoding has the same keys
 * everywhere. Thread-safe.
 */
public final class RandomHyperplanes extends EncodingFamily {
  private final NormalMatrix normals;
  private final Bucketing signs;

  /** Without a margin. */
  public RandomHyperplanes(int tables, int bits, int dimensions, long seed, long epoch) {
    this(tables, bits, dimensions, 0, seed, epoch);
  }

  /**
   * @param tables keys an encoding has
   * @param bits hyperplanes a table has, 1 to 63
   * @param dimensions components of an encoding, at most 4096
   * @param margin within which of a hyperplane a query probes the other side too, in quantised
   *     steps
   * @param epoch number of the frozen set of parameters, the model among them
   */
  public RandomHyperplanes(
      int tables, int bits, int dimensions, double margin, long seed, long epoch) {
    super(BucketKeys.HYPERPLANES, new Shape(tables, bits, dimensions, margin), seed, epoch);
    normals = new NormalMatrix(tables * bits, dimensions, seed);
    signs = new Bucketing.Signs(bits);
  }

  @Override
  public double collisionProbability(double cosine) {
    return CollisionProbabilities.sign(cosine);
  }

  @Override
  long[] projections(short[] quantized, int table) {
    return normals.dots(quantized, table * functions(), functions());
  }

  @Override
  Bucketing bucketing(int table) {
    return signs;
  }

  @Override
  double scale() {
    return normals.norm();
  }

  /** One bit a hyperplane: which side the encoding is on. */
  long code(short[] quantized, int table) {
    return signs.code(signs.values(projections(quantized, table)));
  }
}

package dev.twinstream.lsh;

/**
 * Euclidean hashing of quantised encodings, E2LSH: a normal (2-stable) projection, shifted and cut
 * into steps (Datar, Immorlica, Indyk, Mirrokni, Locality-sensitive hashing scheme based on
 * p-stable distributions, SoCG 2004, section 3). Integers throughout. Thread-safe.
 *
 * <p>The measure is distance; {@link #collisionProbability} takes the cosine of vectors of unit
 * length, whose distance is sqrt(2 - 2 cosine).
 */
public final class EuclideanSteps extends EncodingFamily {
  private final NormalMatrix normals;
  private final Bucketing[] steps;
  private final int width;

  /**
   * @param tables keys an encoding has
   * @param projections joined in a table's key, 1 to 63
   * @param dimensions components of an encoding, at most 4096
   * @param width of a step, in quantised steps (1 / 32767), at least 1; about 4 times the distance
   *     of twins is usual (section 4)
   * @param margin within which of a step's border a query probes the next step too, in quantised
   *     steps
   * @param epoch number of the frozen set of parameters, the model among them
   */
  public EuclideanSteps(
      int tables,
      int projections,
      int dimensions,
      int width,
      double margin,
      long seed,
      long epoch) {
    super(BucketKeys.EUCLIDEAN, new Shape(tables, projections, dimensions, margin), seed, epoch);
    if (width < 1) {
      throw new IllegalArgumentException("the width of a step is at least 1, found " + width);
    }
    this.width = width;
    normals = new NormalMatrix(tables * projections, dimensions, seed);
    steps = new Bucketing[tables];
    for (int table = 0; table < tables; table++) {
      steps[table] = steps(width * NormalMatrix.DEVIATION, projections, Mixer.stream(~seed, table));
    }
  }

  /** Steps of a width with pseudo-random offsets. */
  static Bucketing steps(long width, int projections, long seed) {
    long[] offsets = new long[projections];
    for (int i = 0; i < projections; i++) {
      offsets[i] = Long.remainderUnsigned(Mixer.stream(seed, i), width);
    }
    return new Bucketing.Steps(width, offsets);
  }

  @Override
  public double collisionProbability(double cosine) {
    return collisionProbabilityAt(Math.sqrt(Math.max(0, 2 - 2 * cosine)) * Short.MAX_VALUE);
  }

  /**
   * The probability that one projection gives two vectors the same step.
   *
   * @param distance between them in quantised steps, 0 or more
   */
  public double collisionProbabilityAt(double distance) {
    return CollisionProbabilities.step(distance / width);
  }

  @Override
  long[] projections(short[] quantized, int table) {
    return normals.dots(quantized, table * functions(), functions());
  }

  @Override
  Bucketing bucketing(int table) {
    return steps[table];
  }

  @Override
  double scale() {
    return normals.norm();
  }
}

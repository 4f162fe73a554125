package dev.twinstream.lsh;

/**
 * Signs of an encoding's own components: bit sampling (Indyk, Motwani, Approximate nearest
 * neighbors, STOC 1998, section 4.2.1) of the code that iterative quantisation makes (Gong,
 * Lazebnik, CVPR 2011). Its input is rotated by a {@link Centring} fitted to that end; on other
 * encodings a component is a poor hyperplane. Thread-safe.
 */
public final class ComponentSigns extends EncodingFamily {
  private final int[] sampled;
  private final Bucketing signs;

  /**
   * @param tables at least 1
   * @param bits different components sampled for a table, 1 to 63 and at most the dimensions
   * @param dimensions components of an encoding, at most 4096
   * @param margin within which of 0 a query probes a component's other sign, in quantised steps
   * @param epoch number of the frozen set of parameters, the centring among them
   */
  public ComponentSigns(
      int tables, int bits, int dimensions, double margin, long seed, long epoch) {
    super(BucketKeys.COMPONENT_SIGNS, new Shape(tables, bits, dimensions, margin), seed, epoch);
    if (bits > dimensions) {
      throw new IllegalArgumentException(
          "a table samples at most the " + dimensions + " components there are, found " + bits);
    }
    sampled = new int[tables * bits];
    for (int table = 0; table < tables; table++) {
      int[] order = new int[dimensions];
      for (int i = 0; i < dimensions; i++) {
        order[i] = i;
      }
      for (int i = 0; i < bits; i++) {
        long random = Mixer.stream(seed, (long) table * bits + i);
        int other = i + (int) Long.remainderUnsigned(random, dimensions - i);
        sampled[table * bits + i] = order[other];
        order[other] = order[i];
      }
    }
    signs = new Bucketing.Signs(bits);
  }

  /** Of components that are spread alike, as the fitted rotation wants them. */
  @Override
  public double collisionProbability(double cosine) {
    return CollisionProbabilities.sign(cosine);
  }

  @Override
  long[] projections(short[] quantized, int table) {
    long[] projections = new long[functions()];
    for (int i = 0; i < projections.length; i++) {
      projections[i] = quantized[sampled[table * projections.length + i]];
    }
    return projections;
  }

  @Override
  Bucketing bucketing(int table) {
    return signs;
  }

  @Override
  double scale() {
    return 1;
  }
}

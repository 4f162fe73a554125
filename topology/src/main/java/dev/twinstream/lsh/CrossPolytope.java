package dev.twinstream.lsh;

/**
 * Cross-polytope hashing of quantised encodings: the nearest of the 2 d signed axes after a random
 * rotation (Andoni, Indyk, Laarhoven, Razenshteyn, Schmidt, Practical and optimal LSH for angular
 * distance, NIPS 2015, sections 3 and 5). Values are numbered as the Reformer numbers its buckets:
 * the axes, then the negative ones; ties go to the lowest. Thread-safe.
 */
public final class CrossPolytope extends EncodingFamily {
  private final PseudoRandomRotation[] rotations;
  private final Bucketing polytopes;
  private final int size;

  /** With polytopes of the least size, see {@link PseudoRandomRotation#size}. */
  public CrossPolytope(
      int tables, int polytopes, int dimensions, double margin, long seed, long epoch) {
    this(tables, polytopes, dimensions, PseudoRandomRotation.size(dimensions), margin, seed, epoch);
  }

  /**
   * @param tables keys an encoding has
   * @param polytopes whose values a table's key joins, 1 to 63; few are wanted, since one has twice
   *     as many values as there are dimensions
   * @param dimensions components of an encoding, at most 4096
   * @param size axes of a polytope: a power of two, at least the dimensions and at most 8192. The
   *     encoding is filled up with zeros before it is turned, so that a larger polytope cuts the
   *     same space finer
   * @param margin within which of the next vertex a query probes it too, in quantised steps
   * @param epoch number of the frozen set of parameters, the model among them
   */
  public CrossPolytope(
      int tables, int polytopes, int dimensions, int size, double margin, long seed, long epoch) {
    super(BucketKeys.CROSS_POLYTOPE, new Shape(tables, polytopes, dimensions, margin), seed, epoch);
    this.size = size;
    rotations = new PseudoRandomRotation[tables * polytopes];
    for (int i = 0; i < rotations.length; i++) {
      rotations[i] = new PseudoRandomRotation(dimensions, size, Mixer.stream(seed, i));
    }
    this.polytopes = new Bucketing.Polytopes(polytopes, size);
  }

  /**
   * Twice the axes that encodings need: on whitened encodings of 256 dimensions that halved the
   * false candidates of two polytopes, for which more probes win back more recall than is lost.
   */
  static int finerSize(int dimensions) {
    return 2 * PseudoRandomRotation.size(dimensions);
  }

  /** Of a true random rotation. */
  @Override
  public double collisionProbability(double cosine) {
    return CollisionProbabilities.polytope(cosine, size);
  }

  @Override
  long[] projections(short[] quantized, int table) {
    long[] projections = new long[functions() * size];
    for (int i = 0; i < functions(); i++) {
      rotations[table * functions() + i].rotate(quantized, projections, i * size);
    }
    return projections;
  }

  @Override
  Bucketing bucketing(int table) {
    return polytopes;
  }

  @Override
  double scale() {
    return rotations[0].scale();
  }
}

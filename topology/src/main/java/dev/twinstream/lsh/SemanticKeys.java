package dev.twinstream.lsh;

/**
 * The bucket keys of encodings: centred and whitened where a centring was fitted to the model, then
 * hashed. Pure and thread-safe; the same quantised encoding has the same keys everywhere.
 */
public final class SemanticKeys {
  /**
   * How near a threshold a query probes both sides, in quantised steps. Between the AVX-512 path of
   * our ops and the AVX2 and the plain one (TWINSTREAM_SIMD; ONNX Runtime's own kernels the same,
   * on one processor) the projections of 800 documents, centred, changed by 0.44 and 0.47 steps at
   * the 99.9th percentile and by 0.9 at most, with a model in floats.
   */
  static final double MARGIN = 1;

  private final HashFamily<short[]> family;
  private final HashFamily<short[]> hashing;
  private final int hashedDimensions;
  private final int probes;

  private SemanticKeys(
      HashFamily<short[]> family, HashFamily<short[]> hashing, int hashedDimensions, int probes) {
    this.family = family;
    this.hashing = hashing;
    this.hashedDimensions = hashedDimensions;
    this.probes = probes;
  }

  /**
   * @param dimensions components of an encoding, 1 to 4096
   * @param centring fitted to the model, or null for none
   * @param epoch number of the frozen set of parameters, the model among them
   * @throws IllegalArgumentException where the centring takes encodings of another size
   */
  public static SemanticKeys of(
      SemanticParameters parameters, int dimensions, Centring centring, long epoch) {
    if (centring == null) {
      HashFamily<short[]> family = family(parameters, dimensions, epoch);
      return new SemanticKeys(family, family, dimensions, parameters.probes());
    }
    if (centring.dimensionsIn() != dimensions) {
      throw new IllegalArgumentException(
          "the centring is for encodings of "
              + centring.dimensionsIn()
              + " components, the model's have "
              + dimensions
              + ": fit it anew with lsh fit");
    }
    HashFamily<short[]> inner =
        family(parameters, centring.dimensionsOut(), Mixer.combine(epoch, centring.fingerprint()));
    return new SemanticKeys(
        new CentredFamily(centring, inner), inner, centring.dimensionsOut(), parameters.probes());
  }

  private static HashFamily<short[]> family(
      SemanticParameters parameters, int dimensions, long epoch) {
    return switch (parameters.family()) {
      case CROSS_POLYTOPE ->
          new CrossPolytope(
              parameters.tables(),
              parameters.functions(),
              dimensions,
              CrossPolytope.finerSize(dimensions),
              MARGIN,
              parameters.seed(),
              epoch);
      case HYPERPLANES ->
          new RandomHyperplanes(
              parameters.tables(),
              parameters.functions(),
              dimensions,
              MARGIN,
              parameters.seed(),
              epoch);
      case EUCLIDEAN ->
          new EuclideanSteps(
              parameters.tables(),
              parameters.functions(),
              dimensions,
              parameters.stepWidth(),
              MARGIN,
              parameters.seed(),
              Mixer.combine(epoch, parameters.stepWidth()));
    };
  }

  /** Keys that an encoding is stored under, unless it is zero. */
  public int tables() {
    return family.tables();
  }

  /**
   * The keys that an encoding is stored under.
   *
   * @param scope from {@link BucketKeys#scope}; encodings of different scopes share no key
   * @return one a table; none for the zero encoding
   */
  public long[] keys(short[] quantized, long scope) {
    return family.keys(quantized, scope);
  }

  /**
   * The keys that an encoding looks under: its own first, then the likeliest neighbours, then those
   * that the margin demands.
   *
   * @param scope from {@link BucketKeys#scope}
   * @return distinct keys; none for the zero encoding
   */
  public long[] probes(short[] quantized, long scope) {
    return family.probes(quantized, scope, probes);
  }

  /**
   * The share of pairs of a cosine that the keys bring together, counted on simulated pairs, evenly
   * spread; standard error at most 0.022. Takes about a second.
   *
   * @param cosine of two encodings after centring
   */
  public double recall(double cosine) {
    return SimulatedPairs.recall(hashing, hashedDimensions, probes, cosine);
  }
}

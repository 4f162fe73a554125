package dev.twinstream.lsh;

/**
 * A family behind a {@link Centring}; similarity is the cosine after centring. The inner family's
 * epoch must tell centrings apart, by {@link Centring#fingerprint}.
 */
public final class CentredFamily implements HashFamily<short[]> {
  private final Centring centring;
  private final HashFamily<short[]> inner;

  /**
   * @param inner takes encodings of {@link Centring#dimensionsOut} components
   */
  public CentredFamily(Centring centring, HashFamily<short[]> inner) {
    this.centring = centring;
    this.inner = inner;
  }

  @Override
  public int tables() {
    return inner.tables();
  }

  @Override
  public int functions() {
    return inner.functions();
  }

  @Override
  public double collisionProbability(double cosine) {
    return inner.collisionProbability(cosine);
  }

  @Override
  public long[] keys(short[] quantized, long scope) {
    return inner.keys(centring.apply(quantized), scope);
  }

  @Override
  public long[] probes(short[] quantized, long scope, int count) {
    return inner.probes(centring.apply(quantized), scope, count);
  }
}

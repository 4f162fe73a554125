package dev.twinstream.lsh;

/**
 * {@link MinHash} under {@link Banding} as a hash family on shingle sets; similarity is Jaccard's.
 * Where components keep only b bits ({@link BBitSignature}), keys can be recomputed from stored
 * b-bit sketches, for b bits more of chance agreement a row.
 *
 * <p>A minimum has no neighbouring bucket, so that a query's probes are its keys alone.
 */
public final class MinHashFamily implements HashFamily<long[]> {
  private final MinHash minHash;
  private final Banding banding;
  private final int bits;
  private final long epoch;

  /**
   * @param bits kept of each component, 1 to 32; with 12 the keys are those of the sketcher for the
   *     same banding, seed and epoch
   * @param epoch number of the frozen set of parameters
   */
  public MinHashFamily(Banding banding, int bits, long seed, long epoch) {
    if (bits < 1 || bits > Integer.SIZE) {
      throw new IllegalArgumentException("1 to 32 bits of a component are kept, found " + bits);
    }
    this.minHash = new MinHash(banding.bands() * banding.rows(), seed);
    this.banding = banding;
    this.bits = bits;
    this.epoch = Mixer.combine(epoch, seed);
  }

  @Override
  public int tables() {
    return banding.bands();
  }

  @Override
  public int functions() {
    return banding.rows();
  }

  @Override
  public double collisionProbability(double jaccard) {
    return BBitSignature.agreement(jaccard, bits);
  }

  @Override
  public long[] keys(long[] shingles, long scope) {
    if (shingles.length == 0) {
      return new long[0];
    }
    int[] kept = BBitSignature.truncate(minHash.signature(shingles), bits);
    return banding.keys(kept, epoch, scope);
  }

  @Override
  public long[] probes(long[] shingles, long scope, int count) {
    MultiProbe.requireCount(count);
    return keys(shingles, scope);
  }
}

package dev.twinstream.lsh;

import dev.twinstream.lsh.MultiProbe.Probe;
import java.util.ArrayList;
import java.util.List;

/**
 * SimHash over shingle sets (Charikar, Similarity estimation techniques from rounding algorithms,
 * STOC 2002, section 3; for texts: Manku, Jain, Das Sarma, Detecting near-duplicates for web
 * crawling, WWW 2007): every shingle votes 1 or -1 in every bit by its own hash, and the bit is the
 * sum's sign, a sum of 0 counting as positive. Similarity is the cosine of the sets as vectors, |A
 * n B| / sqrt(|A| |B|); bits agree as for random hyperplanes, nearly so for sets of a few shingles,
 * whose sums are often 0. A query's probes flip the bits of the narrowest votes. Thread-safe.
 */
public final class SimHash implements HashFamily<long[]> {
  private final int tables;
  private final Bucketing signs;
  private final long seed;
  private final long epoch;

  /**
   * @param tables at least 1
   * @param bits joined in a table's key, 1 to 63
   * @param epoch number of the frozen set of parameters
   */
  public SimHash(int tables, int bits, long seed, long epoch) {
    if (tables < 1 || bits < 1 || bits > 63) {
      throw new IllegalArgumentException(
          "wanted at least 1 table and 1 to 63 bits, found " + tables + " and " + bits);
    }
    this.tables = tables;
    this.signs = new Bucketing.Signs(bits);
    this.seed = seed;
    this.epoch = Mixer.combine(epoch, seed);
  }

  @Override
  public int tables() {
    return tables;
  }

  @Override
  public int functions() {
    return signs.projections();
  }

  @Override
  public double collisionProbability(double cosine) {
    return CollisionProbabilities.sign(cosine);
  }

  @Override
  public long[] keys(long[] shingles, long scope) {
    return probes(shingles, scope, 0);
  }

  @Override
  public long[] probes(long[] shingles, long scope, int count) {
    MultiProbe.requireCount(count);
    if (shingles.length == 0) {
      return new long[0];
    }
    List<TableHash> hashes = new ArrayList<>(tables);
    for (long[] votes : votes(shingles)) {
      hashes.add(new TableHash(signs.values(votes), signs.alternatives(votes)));
    }
    List<Probe> probes = MultiProbe.probes(hashes, count, 0);
    long[] keys = new long[tables + probes.size()];
    for (int table = 0; table < tables; table++) {
      keys[table] = key(hashes.get(table).values(), table, scope);
    }
    for (int i = 0; i < probes.size(); i++) {
      keys[tables + i] = key(probes.get(i).values(), probes.get(i).table(), scope);
    }
    return keys;
  }

  /** A sum a bit, by table. */
  private long[][] votes(long[] shingles) {
    int bits = functions();
    long[][] votes = new long[tables][bits];
    for (long shingle : shingles) {
      long own = Mixer.combine(seed, shingle);
      long random = 0;
      for (int i = 0; i < tables * bits; i++) {
        if (i % Long.SIZE == 0) {
          random = Mixer.stream(own, i / Long.SIZE);
        }
        votes[i / bits][i % bits] += 2 * (random & 1) - 1;
        random >>>= 1;
      }
    }
    return votes;
  }

  private long key(long[] values, int table, long scope) {
    return BucketKeys.key(BucketKeys.SIMHASH, epoch, table, signs.code(values), scope);
  }
}

package dev.twinstream.recall;

import dev.twinstream.lsh.Mixer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A uniform sample of stored sketches, to which newcomers are compared one by one, so that a true
 * pair is seen also where no bucket key brings it together.
 *
 * <p>It keeps the sketches of least rank, a rank being a hash of the address (bottom-k sampling:
 * Cohen, Kaplan, Summarizing data using bottom-k sketches, PODC 2007). So it does not hang on the
 * order in which sketches come: filled again from a store after a restart, it is the same. Only a
 * removal changes that: the free place goes to the next sketch that comes, whatever its rank.
 *
 * <p>Not thread-safe: one belongs to one task. A full one holds its sketches in memory and a
 * comparison visits them all, so newcomers are compared in a sample only, see {@link HashSample}.
 *
 * @param <S> the sketch
 */
public final class SketchReservoir<S> {
  /** Sketches that a reservoir has room for in production. */
  public static final int CAPACITY = 10_000;

  private final int capacity;
  private final long seed;
  private final Function<S, long[]> keys;
  private final BiPredicate<S, S> twins;
  private final TreeMap<Long, S> byRank = new TreeMap<>();

  /**
   * @param capacity sketches kept, at least 1; see {@link #CAPACITY}
   * @param seed of the ranks
   * @param keys a sketch's bucket keys, in any order
   * @param twins whether two sketches would be verified as twins; symmetric, bucket keys aside
   */
  public SketchReservoir(
      int capacity, long seed, Function<S, long[]> keys, BiPredicate<S, S> twins) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a reservoir holds at least 1 sketch, found " + capacity);
    }
    this.capacity = capacity;
    this.seed = seed;
    this.keys = keys;
    this.twins = twins;
  }

  /** The rank is a bijection of the address, so no two addresses share one. */
  private long rank(long address) {
    return Mixer.mix(address + seed);
  }

  /**
   * Takes a sketch in, in place of the one of the same address, where its rank is among the least.
   *
   * @param address names the document or content
   */
  public void offer(long address, S sketch) {
    byRank.put(rank(address), sketch);
    if (byRank.size() > capacity) {
      byRank.pollLastEntry();
    }
  }

  /** Forgets the sketch of an address, if it is here. */
  public void remove(long address) {
    byRank.remove(rank(address));
  }

  /** Sketches kept now. */
  public int size() {
    return byRank.size();
  }

  /**
   * Compares a newcomer to every sketch kept but one of its own address, and counts the true pairs
   * and those that share a bucket key.
   *
   * @return the newcomer's pairs, to be added to those of others
   */
  public RecallEstimate compare(long address, S newcomer) {
    long own = rank(address);
    long[] ownKeys = sorted(newcomer);
    int pairs = 0;
    int found = 0;
    for (Map.Entry<Long, S> other : byRank.entrySet()) {
      if (other.getKey() != own && twins.test(other.getValue(), newcomer)) {
        pairs++;
        found += shareKey(ownKeys, keys.apply(other.getValue())) ? 1 : 0;
      }
    }
    return RecallEstimate.NONE.plus(pairs, found);
  }

  private long[] sorted(S sketch) {
    long[] sorted = keys.apply(sketch).clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static boolean shareKey(long[] sorted, long[] others) {
    for (long key : others) {
      if (Arrays.binarySearch(sorted, key) >= 0) {
        return true;
      }
    }
    return false;
  }
}

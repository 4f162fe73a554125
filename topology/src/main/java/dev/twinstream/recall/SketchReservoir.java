package dev.twinstream.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A uniform sample of stored sketches, to which newcomers are compared one by one, so that a true
 * pair is seen also where no bucket key brings it together.
 *
 * <p>It keeps the sketches of least address. Addresses are hashes, so that is a uniform sample
 * (bottom-k sampling: Cohen, Kaplan, Summarizing data using bottom-k sketches, PODC 2007). So it
 * does not hang on the order in which sketches come: filled again after a restart, from the first
 * entries of a store that is sorted by address, it is the same. Only a removal changes that: the
 * free place goes to the next sketch that comes, whatever its address.
 *
 * <p>Sketches of long texts may be many times as large as others, and each partition of a process
 * has a reservoir: so it is bounded by bytes too. Where they run out, the sketches of greatest
 * address leave and no greater one is taken in their place, so that large ones are not left out.
 *
 * <p>Not thread-safe: one belongs to one task. A full one holds its sketches in memory and a
 * comparison visits them all, so newcomers are compared in a sample only, see {@link HashSample}.
 *
 * @param <S> the sketch
 */
public final class SketchReservoir<S> {
  /** Sketches that a reservoir has room for in production. */
  public static final int CAPACITY = 10_000;

  /** Heap that a reservoir takes in production, and more only for its share of the sketches. */
  static final long BYTES = 20L * 1024 * 1024;

  /** True pairs of a newcomer of which the keys are made: that costs more than all else. */
  static final int MOST_KEYED = 50;

  private final Room room;
  private final ToIntFunction<S> bytes;
  private final Function<S, long[]> keys;
  private final Function<S, long[]> lookedUnder;
  private final BiPredicate<S, S> twins;
  private final TreeMap<Long, S> byAddress = new TreeMap<>();
  private long bytesKept;
  private long leastRefused = Long.MAX_VALUE;

  /**
   * How much a reservoir holds.
   *
   * @param most sketches at most, at least 1
   * @param least that are kept whatever they take
   * @param bytes of heap that more of them take at most
   */
  public record Room(int most, int least, long bytes) {
    public Room {
      if (most < 1 || least > most) {
        throw new IllegalArgumentException(
            "a reservoir has room for at least 1 sketch, and for those that it keeps whatever they"
                + " take, found "
                + most
                + " and "
                + least);
      }
    }

    /** In production, where so many partitions share the sketches that there are at least. */
    public static Room ofPartition(int partitions) {
      return new Room(CAPACITY, (CAPACITY + partitions - 1) / partitions, BYTES);
    }

    private boolean holds(int sketches, long bytesKept) {
      return sketches <= least || (sketches <= most && bytesKept <= bytes);
    }
  }

  /**
   * @param bytes of heap that a sketch takes
   * @param keys the bucket keys that a sketch is stored under, in any order
   * @param lookedUnder those that a newcomer looks under, in any order
   * @param twins whether two sketches would be verified as twins; symmetric, bucket keys aside
   */
  public SketchReservoir(
      Room room,
      ToIntFunction<S> bytes,
      Function<S, long[]> keys,
      Function<S, long[]> lookedUnder,
      BiPredicate<S, S> twins) {
    this.room = room;
    this.bytes = bytes;
    this.keys = keys;
    this.lookedUnder = lookedUnder;
    this.twins = twins;
  }

  /**
   * Takes a sketch in, in place of the one of the same address, where its address is among the
   * least.
   *
   * @param address names the content; a hash of it, without a sign
   * @return whether it has found room
   */
  public boolean offer(long address, S sketch) {
    if (address >= leastRefused) {
      return false;
    }
    bytesKept += bytesOf(sketch) - bytesOf(byAddress.put(address, sketch));
    while (!room.holds(byAddress.size(), bytesKept)) {
      leastRefused = byAddress.lastKey();
      bytesKept -= bytesOf(byAddress.pollLastEntry().getValue());
    }
    return address < leastRefused;
  }

  /** Forgets the sketch of an address, if it is here. */
  public void remove(long address) {
    S removed = byAddress.remove(address);
    if (removed != null) {
      bytesKept -= bytesOf(removed);
      leastRefused = Long.MAX_VALUE;
    }
  }

  private int bytesOf(S sketchOrNull) {
    return sketchOrNull == null ? 0 : bytes.applyAsInt(sketchOrNull);
  }

  /** Sketches kept now. */
  public int size() {
    return byAddress.size();
  }

  /**
   * Compares a newcomer to every sketch kept but one of its own address, and counts the true pairs
   * and those that share a bucket key. In a crowd, whose texts are all pairs, the latter are
   * counted among {@link #MOST_KEYED} drawn by lot and scaled to all: so the newcomer weighs what
   * it would, and {@link RecallEstimate} takes its pairs as one in any case.
   *
   * @return the newcomer's pairs, to be added to those of others
   */
  public RecallEstimate compare(long address, S newcomer) {
    List<S> pairs = new ArrayList<>();
    for (Map.Entry<Long, S> other : byAddress.entrySet()) {
      if (other.getKey() != address && twins.test(other.getValue(), newcomer)) {
        pairs.add(other.getValue());
      }
    }
    if (pairs.isEmpty()) {
      return RecallEstimate.NONE;
    }
    int keyed = Math.min(pairs.size(), MOST_KEYED);
    if (keyed < pairs.size()) {
      // Of each newcomer others, and in any run the same.
      Collections.shuffle(pairs, new Random(address));
    }
    long[] ownKeys = sorted(newcomer);
    int found = 0;
    for (S other : pairs.subList(0, keyed)) {
      found += shareKey(ownKeys, keys.apply(other)) ? 1 : 0;
    }
    int all = (int) Math.round((double) found * pairs.size() / keyed);
    return RecallEstimate.NONE.plus(pairs.size(), all);
  }

  private long[] sorted(S sketch) {
    long[] sorted = lookedUnder.apply(sketch).clone();
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

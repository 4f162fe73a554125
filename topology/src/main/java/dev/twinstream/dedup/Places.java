package dev.twinstream.dedup;

import dev.twinstream.lsh.Mixer;

/**
 * Which place of a table a key has: an index over the arrays of whoever keeps something for keys in
 * memory. Keys are 0 or more. Sets of eight places; a key whose set is full takes the place of
 * another.
 */
final class Places {
  /** A set is a line of the processor's cache. */
  private static final int WAYS = 8;

  /** Keys plus 1; 0 where a place is empty. */
  private final long[] occupants;

  private int used;

  /**
   * @param count of places, in whole sets
   */
  Places(int count) {
    occupants = new long[wholeSets(count)];
  }

  /** A count of places rounded down to whole sets. */
  static int wholeSets(long count) {
    return (int) (count / WAYS * WAYS);
  }

  int count() {
    return occupants.length;
  }

  /** Places taken. */
  int used() {
    return used;
  }

  /** Whether many sets must be full: time for a larger table. */
  boolean crowded() {
    return used >= occupants.length / 2;
  }

  /** A key's place; negative where it has none. */
  int find(long key) {
    if (occupants.length == 0) {
      return -1;
    }
    int first = firstOfSet(key);
    for (int place = first; place < first + WAYS; place++) {
      if (occupants[place] == key + 1) {
        return place;
      }
    }
    return -1;
  }

  /** Gives a key a place: its own, an empty one, or another key's, which then has none. */
  int take(long key) {
    int place = find(key);
    if (place < 0) {
      place = free(key);
      used += occupants[place] == 0 ? 1 : 0;
      occupants[place] = key + 1;
    }
    return place;
  }

  private int free(long key) {
    int first = firstOfSet(key);
    for (int place = first; place < first + WAYS; place++) {
      if (occupants[place] == 0) {
        return place;
      }
    }
    return first + (int) (Mixer.mix(key) & (WAYS - 1));
  }

  void leave(int place) {
    occupants[place] = 0;
    used--;
  }

  boolean taken(int place) {
    return occupants[place] != 0;
  }

  /** The key that has a place which is taken. */
  long key(int place) {
    return occupants[place] - 1;
  }

  private int firstOfSet(long key) {
    long sets = occupants.length / WAYS;
    return (int) ((Mixer.mix(key) >>> Integer.SIZE) * sets >>> Integer.SIZE) * WAYS;
  }
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Lookup;

/**
 * The rows of searches under way. No others are written and asked for as often, and none go as
 * soon; so they are kept in memory as well, as far as there is room. Where all are, a row that is
 * not there need not be looked for in the store either.
 */
final class OpenLookups {
  /**
   * A partition's share of the heap. A crowd's rows are large: their number alone would bound
   * nothing.
   */
  private static final long MOST_BYTES = 8_000_000;

  /** What rows take on the heap, about. */
  private static final int ROW_BYTES = 500;

  private static final int MATCH_BYTES = 500;

  private final ContentStore store;
  private final RecentlyUsed<String, Lookup> kept;
  private long stored;

  /** Takes up what is stored. */
  OpenLookups(ContentStore store) {
    this(store, MOST_BYTES);
  }

  OpenLookups(ContentStore store, long mostBytes) {
    this.store = store;
    this.kept = new RecentlyUsed<>(mostBytes, OpenLookups::bytes);
    store.visitLookups(
        (name, row) -> {
          stored++;
          kept.put(name, row);
        });
  }

  /** Answers null where there is no such row; the caller puts back what it changes. */
  Lookup get(String name) {
    Lookup found = kept.get(name);
    if (found != null) {
      return found;
    }
    Lookup read = kept.size() < stored ? store.lookup(name) : null;
    if (read != null) {
      kept.put(name, read);
    }
    return read;
  }

  void put(String name, Lookup row) {
    stored += get(name) == null ? 1 : 0;
    store.putLookup(name, row);
    kept.put(name, row);
  }

  void remove(String name) {
    if (get(name) != null) {
      store.putLookup(name, null);
      kept.remove(name);
      stored--;
    }
  }

  static long bytes(Lookup row) {
    return ROW_BYTES
        + row.getCandidates().remaining()
        + (long) MATCH_BYTES * row.getMatches().size();
  }

  /** What the rows in memory take, about. */
  long keptBytes() {
    return kept.bytes();
  }
}

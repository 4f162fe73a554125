package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Lookup;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rows of searches under way. No others are written and asked for as often, and none go as
 * soon; so they are kept in memory as well, as long as they are few. Where all are, a row that is
 * not there need not be looked for in the store either.
 */
final class OpenLookups {
  private static final int MOST_KEPT = 8_192;

  private final ContentStore store;
  private final int mostKept;

  /** In the order of their last use. */
  private final Map<String, Lookup> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long stored;

  /** Takes up what is stored. */
  OpenLookups(ContentStore store) {
    this(store, MOST_KEPT);
  }

  OpenLookups(ContentStore store, int mostKept) {
    this.store = store;
    this.mostKept = mostKept;
    store.visitLookups(
        (name, lookup) -> {
          stored++;
          keep(name, lookup);
        });
  }

  /** Answers null where there is no such row; the caller puts back what it changes. */
  Lookup get(String name) {
    Lookup found = kept.get(name);
    if (found == null && kept.size() < stored) {
      found = store.lookup(name);
      if (found != null) {
        keep(name, found);
      }
    }
    return found;
  }

  void put(String name, Lookup lookup) {
    stored += get(name) == null ? 1 : 0;
    store.putLookup(name, lookup);
    keep(name, lookup);
  }

  void remove(String name) {
    if (get(name) != null) {
      store.putLookup(name, null);
      kept.remove(name);
      stored--;
    }
  }

  private void keep(String name, Lookup lookup) {
    kept.put(name, lookup);
    if (kept.size() > mostKept) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}

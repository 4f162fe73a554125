package dev.twinstream.dedup;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * A part of what a store holds, in memory: what was used last, as far as there is room. Rows are of
 * any size, so that their number alone would bound nothing.
 *
 * @param <K> names a row
 * @param <V> a row; who changes one puts it back
 */
final class RecentlyUsed<K, V> {
  private record Kept<V>(V row, long bytes) {}

  private final long mostBytes;
  private final ToLongFunction<V> bytesOf;

  /** In the order of their last use. */
  private final Map<K, Kept<V>> rows = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /**
   * @param mostBytes of heap, as the function counts them
   * @param bytesOf what a row takes, about
   */
  RecentlyUsed(long mostBytes, ToLongFunction<V> bytesOf) {
    this.mostBytes = mostBytes;
    this.bytesOf = bytesOf;
  }

  /** Null where a row is not kept. */
  V get(K key) {
    Kept<V> found = rows.get(key);
    return found == null ? null : found.row();
  }

  void put(K key, V row) {
    remove(key);
    Kept<V> added = new Kept<>(row, bytesOf.applyAsLong(row));
    rows.put(key, added);
    bytes += added.bytes();
    Iterator<Kept<V>> eldest = rows.values().iterator();
    while (bytes > mostBytes) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
  }

  void remove(K key) {
    Kept<V> before = rows.remove(key);
    bytes -= before == null ? 0 : before.bytes();
  }

  int size() {
    return rows.size();
  }

  /** What the rows take. */
  long bytes() {
    return bytes;
  }
}

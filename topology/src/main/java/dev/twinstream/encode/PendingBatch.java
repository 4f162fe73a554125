package dev.twinstream.encode;

import dev.twinstream.schemas.internal.PendingArrival;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The documents that wait, in a store keyed by a growing number: offsets may commit meanwhile. */
final class PendingBatch {
  /** From here on, most characters are a token each: those of Chinese and Japanese above all. */
  private static final char FIRST_DENSE = '\u2E80';

  /** Such a character counts as this many more. */
  private static final int MORE_FOR_EACH = 3;

  private final KeyValueStore<Long, PendingArrival> store;
  private long next;
  private int documents;
  private long characters;

  /** Takes up what an earlier run left in the store. */
  PendingBatch(KeyValueStore<Long, PendingArrival> store) {
    this.store = store;
    try (KeyValueIterator<Long, PendingArrival> left = store.all()) {
      left.forEachRemaining(
          entry -> {
            next = entry.key + 1;
            count(entry.value);
          });
    }
  }

  void add(PendingArrival arrival) {
    store.put(next++, arrival);
    count(arrival);
  }

  private void count(PendingArrival arrival) {
    CharSequence text = arrival.getArrival().getDocument().getText();
    documents++;
    characters += text == null ? 0 : text.length() + MORE_FOR_EACH * dense(text);
  }

  private static long dense(CharSequence text) {
    return text.chars().filter(character -> character >= FIRST_DENSE).count();
  }

  int documents() {
    return documents;
  }

  /** Four to a token, about. */
  long characters() {
    return characters;
  }

  /** Empties the store. */
  List<PendingArrival> take() {
    List<PendingArrival> taken = new ArrayList<>(documents);
    List<Long> keys = new ArrayList<>(documents);
    if (documents > 0) {
      try (KeyValueIterator<Long, PendingArrival> all = store.all()) {
        while (all.hasNext()) {
          KeyValue<Long, PendingArrival> entry = all.next();
          keys.add(entry.key);
          taken.add(entry.value);
        }
      }
      keys.forEach(store::delete);
    }
    documents = 0;
    characters = 0;
    return taken;
  }
}

package dev.twinstream.encode;

import dev.twinstream.schemas.internal.PendingArrival;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The documents that wait, in a store keyed by a growing number: offsets may commit meanwhile. */
final class PendingBatch {
  /** What a token of English counts, which has about as many characters. */
  private static final int TOKEN = 4;

  /** From here on, from Greek to Chinese, most characters are a token each. */
  private static final char FIRST_DENSE = '\u0370';

  /** A syllable of Korean is taken apart into two or three letters, a token each. */
  private static final char FIRST_SYLLABLE = '\uAC00';

  private static final char LAST_SYLLABLE = '\uD7A3';

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
    documents++;
    characters += charactersOf(arrival);
  }

  private static long charactersOf(PendingArrival arrival) {
    CharSequence text = arrival.getArrival().getDocument().getText();
    return text == null ? 0 : characters(text);
  }

  /**
   * A text's characters; where they are more tokens than English would have, as many of English.
   */
  static long characters(CharSequence text) {
    return text.chars().mapToLong(PendingBatch::characters).sum();
  }

  private static long characters(int character) {
    if (character >= FIRST_SYLLABLE && character <= LAST_SYLLABLE) {
      return 3 * TOKEN;
    }
    return character >= FIRST_DENSE || isMark(character) ? TOKEN : 1;
  }

  /** Punctuation and signs of ASCII. */
  private static boolean isMark(int character) {
    return character > ' ' && character < 0x7F && !Character.isLetterOrDigit(character);
  }

  int documents() {
    return documents;
  }

  /** Four to a token, about. */
  long characters() {
    return characters;
  }

  /** Takes the first ones out, up to so many, and up to that with which so many characters are. */
  List<PendingArrival> take(int mostDocuments, long enoughCharacters) {
    List<PendingArrival> taken = new ArrayList<>(documents);
    List<Long> keys = new ArrayList<>(documents);
    long before = characters;
    if (documents > 0) {
      try (KeyValueIterator<Long, PendingArrival> all = store.all()) {
        while (all.hasNext()
            && taken.size() < mostDocuments
            && before - characters < enoughCharacters) {
          KeyValue<Long, PendingArrival> entry = all.next();
          keys.add(entry.key);
          taken.add(entry.value);
          characters -= charactersOf(entry.value);
        }
      }
      keys.forEach(store::delete);
    }
    documents -= taken.size();
    return taken;
  }
}

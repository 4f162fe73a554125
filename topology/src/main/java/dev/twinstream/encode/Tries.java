package dev.twinstream.encode;

import dev.twinstream.schemas.internal.EncodeTries;
import dev.twinstream.schemas.internal.TriedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How often documents of a partition were begun to be encoded and not finished, by offset. Batches
 * come in the order of offsets, so that few are ever held.
 */
final class Tries {
  /** A document begun so often without end is not begun again. */
  static final int MOST = 3;

  /** Hopeless documents that are held until it is long certain that their batch is committed. */
  private static final int MOST_HOPELESS = 100;

  private final TreeMap<Long, Integer> unfinished = new TreeMap<>();

  /** Goes on from what an earlier process has left. */
  Tries(EncodeTries last) {
    for (TriedDocument document : last.getDocuments()) {
      unfinished.put(document.getOffset(), document.getTries());
    }
  }

  int of(long offset) {
    return unfinished.getOrDefault(offset, 0);
  }

  /** Counts a try of each of these. Returns what is to be remembered before they are encoded. */
  EncodeTries begin(List<Long> offsets) {
    offsets.forEach(offset -> unfinished.merge(offset, 1, Integer::sum));
    return left();
  }

  /** Counts one try less of each of these. Returns what is to be remembered. */
  EncodeTries takeBack(List<Long> offsets) {
    offsets.forEach(
        offset -> unfinished.computeIfPresent(offset, (key, n) -> n > 1 ? n - 1 : null));
    return left();
  }

  /** What was begun and is not finished. */
  EncodeTries left() {
    List<TriedDocument> documents = new ArrayList<>();
    unfinished.forEach((offset, tries) -> documents.add(new TriedDocument(offset, tries)));
    return new EncodeTries(documents);
  }

  void finished(List<Long> offsets) {
    offsets.forEach(unfinished::remove);
  }

  /**
   * Forgets what lies before a batch: it was committed. Hopeless documents are kept: the batch that
   * has refused them may be under way still, and would try them anew.
   */
  void forgetBefore(long offset) {
    unfinished.headMap(offset).values().removeIf(tries -> tries < MOST);
    while (unfinished.headMap(offset).size() > MOST_HOPELESS) {
      unfinished.pollFirstEntry();
    }
  }
}

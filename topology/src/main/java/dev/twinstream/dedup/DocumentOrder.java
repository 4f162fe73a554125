package dev.twinstream.dedup;

/** The order of documents: event time, then id (by UTF-16 code unit). */
final class DocumentOrder {
  private DocumentOrder() {}

  static int compare(long eventTimeA, String idA, long eventTimeB, String idB) {
    int byTime = Long.compare(eventTimeA, eventTimeB);
    return byTime != 0 ? byTime : idA.compareTo(idB);
  }
}

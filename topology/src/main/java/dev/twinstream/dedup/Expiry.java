package dev.twinstream.dedup;

import java.util.List;

/**
 * When documents leave: once the partition's greatest event time has passed a document's by the
 * retention and a grace of a tenth of it. Event time alone decides, so that a replay expires the
 * same documents.
 */
final class Expiry {
  /** Documents that one step takes, so that a leap of time fits into a transaction. */
  static final int STEP = 100;

  private final DocumentStore store;
  private final long retentionMillis;

  /** The retention and its grace. */
  private final long keptMillis;

  /**
   * @param retentionMillis {@link Long#MAX_VALUE} keeps everything
   */
  Expiry(DocumentStore store, long retentionMillis) {
    this.store = store;
    this.retentionMillis = retentionMillis;
    long graceMillis = retentionMillis / 10;
    this.keptMillis = Math.min(retentionMillis, Long.MAX_VALUE - graceMillis) + graceMillis;
  }

  boolean isOn() {
    return retentionMillis != Long.MAX_VALUE;
  }

  /** Notes a document, and the passing of time. */
  void arrived(String id, long eventTime) {
    if (isOn()) {
      store.putExpiry(eventTime, id, true);
      Long greatest = store.greatestEventTime();
      if (greatest == null || eventTime > greatest) {
        store.putGreatestEventTime(eventTime);
      }
    }
  }

  /** Forgets a document that leaves, or whose event time changes. */
  void left(String id, long eventTime) {
    if (isOn()) {
      store.putExpiry(eventTime, id, false);
    }
  }

  /** Ids of documents that are due, the earliest first; at most a step's, and one more if any. */
  List<String> due() {
    return isOn() ? store.expiriesBefore(firstKept(), STEP + 1) : List.of();
  }

  /** Whether documents of that event time are due. */
  boolean isDue(long eventTime) {
    return eventTime < firstKept();
  }

  private long firstKept() {
    Long greatest = isOn() ? store.greatestEventTime() : null;
    return greatest == null
        ? Long.MIN_VALUE
        : Math.max(greatest, Long.MIN_VALUE + keptMillis) - keptMillis;
  }
}

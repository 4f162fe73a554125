package dev.twinstream.dedup;

/**
 * A link of a document's content to another content, with the earlier document which that one
 * offers as a twin.
 *
 * @param evidence of the two contents' likeness
 * @param eventTime of the offered document, in milliseconds since 1970
 * @param id of the offered document
 */
public record Linked(Evidence evidence, long eventTime, String id) {
  boolean isEarlierThan(Linked other) {
    return DocumentOrder.compare(eventTime, id, other.eventTime, other.id) < 0;
  }
}

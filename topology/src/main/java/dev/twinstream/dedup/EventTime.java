package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Arrival;

/**
 * When a document happened: its publication, else its ingestion.
 *
 * @param millis since 1970; negative before
 * @param clamped whether the publication lay too far ahead of the ingestion
 */
public record EventTime(long millis, boolean clamped) {
  /**
   * @param maxFutureMillis how far a publication may lie ahead of the ingestion, at least 0
   */
  public static EventTime of(Arrival arrival, long maxFutureMillis) {
    Long published = arrival.getDocument().getPublishedAt();
    long wanted = published == null ? arrival.getIngestedAt() : published;
    // A limit of any size is legal, so the sum must not overflow.
    long latest =
        Math.min(arrival.getIngestedAt(), Long.MAX_VALUE - maxFutureMillis) + maxFutureMillis;
    return new EventTime(Math.min(wanted, latest), wanted > latest);
  }
}

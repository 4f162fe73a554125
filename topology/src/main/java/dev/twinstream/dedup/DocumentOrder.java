package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Copy;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/** The order of documents: event time, then id by its UTF-8 bytes, which is by code point. */
public final class DocumentOrder {
  private DocumentOrder() {}

  static int compare(Copy a, Copy b) {
    return compare(a.getEventTime(), a.getId(), b.getEventTime(), b.getId());
  }

  /** Negative where A comes first. */
  public static int compare(long eventTimeA, String idA, long eventTimeB, String idB) {
    int byTime = Long.compare(eventTimeA, eventTimeB);
    return byTime != 0 ? byTime : Arrays.compareUnsigned(Utils.utf8(idA), Utils.utf8(idB));
  }
}

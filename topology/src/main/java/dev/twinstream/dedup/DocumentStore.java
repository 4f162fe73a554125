package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import java.util.List;
import java.util.function.BiConsumer;

/** What a document partition remembers. Every {@code get} answers null where there is nothing. */
public interface DocumentStore {
  /** How a link's partner stands to the document. */
  enum Side {
    /** A verified twin that comes before the document. */
    EARLIER,
    /** A verified twin that comes after it. */
    LATER
  }

  Sketch sketch(String id);

  void putSketch(String id, Sketch sketchOrNull);

  Progress progress(String id);

  void putProgress(String id, Progress progress);

  Link link(String id, Side side, String partner);

  void putLink(String id, Side side, String partner, Link linkOrNull);

  /** The greatest event time that this partition has seen. */
  Long greatestEventTime();

  void putGreatestEventTime(long eventTime);

  /** Adds a document to those that expire, or takes it out. */
  void putExpiry(long eventTime, String id, boolean present);

  /** Ids of documents of event times before {@code eventTime}, the earliest first. */
  List<String> expiriesBefore(long eventTime, int limit);

  /** Visits the links of one side in the order of the partners' ids. */
  void forEachLink(String id, Side side, BiConsumer<String, Link> visitor);
}

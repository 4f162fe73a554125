package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.Probe;
import java.util.List;
import java.util.function.BiConsumer;

/** What a document partition remembers. Every {@code get} answers null where there is nothing. */
public interface DocumentStore {
  DocumentState document(String id);

  void putDocument(String id, DocumentState stateOrNull);

  /** A number greater than any it gave before. */
  long nextVersion();

  /** The cluster assigned in a scope to a document that was not there, or in another scope. */
  NodeAssigned assignment(String scopeOrNull, String id);

  void putAssignment(String scopeOrNull, String id, NodeAssigned assignmentOrNull);

  MarkState mark(String id, String other);

  void putMark(String id, String other, MarkState markOrNull);

  /** Visits what users said of the document and others, in the order of their ids. */
  void forEachMark(String id, BiConsumer<String, MarkState> visitor);

  /** The damaged copy of a document that is not decided yet. */
  Probe probe(String id);

  void putProbe(String id, Probe probeOrNull);

  /** The greatest event time that this partition has seen. */
  Long greatestEventTime();

  void putGreatestEventTime(long eventTime);

  /** Adds a document to those that expire, or takes it out. */
  void putExpiry(long eventTime, String id, boolean present);

  /** Ids of documents of event times before {@code eventTime}, the earliest first. */
  List<String> expiriesBefore(long eventTime, int limit);
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.EventClock;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** {@link DocumentStore} over key-value stores, whose keys {@link StoreKeys} describes. */
final class KafkaDocumentStore implements DocumentStore {
  static final String DOCUMENTS = "documents";
  static final String ASSIGNMENTS = "assignments";
  static final String MARKS = "marks";
  static final String CLOCK = "event-clock";
  static final String EXPIRIES = "expiries";
  static final String PROBES = "probes";

  private static final String EVENT_TIME = "event-time";
  private static final String VERSION = "version";

  private final KeyValueStore<Bytes, DocumentState> documents;
  private final KeyValueStore<String, NodeAssigned> assignments;
  private final KeyValueStore<Bytes, MarkState> marks;
  private final KeyValueStore<String, EventClock> clock;
  private final KeyValueStore<Bytes, byte[]> expiries;
  private final KeyValueStore<String, Probe> probes;

  /**
   * No document expires before it; null where that is not known. A search from the start would walk
   * over all that has expired, which the store only forgets by and by.
   */
  private Bytes firstExpiry;

  /** Most streams have no marks at all: then they are not looked for, which is often done. */
  private boolean mayMark;

  KafkaDocumentStore(ProcessorContext<?, ?> context) {
    documents = context.getStateStore(DOCUMENTS);
    assignments = context.getStateStore(ASSIGNMENTS);
    marks = context.getStateStore(MARKS);
    clock = context.getStateStore(CLOCK);
    expiries = context.getStateStore(EXPIRIES);
    probes = context.getStateStore(PROBES);
    try (KeyValueIterator<Bytes, MarkState> any = marks.all()) {
      mayMark = any.hasNext();
    }
  }

  @Override
  public DocumentState document(String id) {
    return documents.get(StoreKeys.document(id));
  }

  @Override
  public void putDocument(String id, DocumentState stateOrNull) {
    documents.put(StoreKeys.document(id), stateOrNull);
  }

  @Override
  public long nextVersion() {
    EventClock last = clock.get(VERSION);
    long next = last == null ? 1 : last.getGreatest() + 1;
    clock.put(VERSION, new EventClock(next));
    return next;
  }

  @Override
  public NodeAssigned assignment(String scopeOrNull, String id) {
    return assignments.get(StoreKeys.scoped(scopeOrNull, id));
  }

  @Override
  public void putAssignment(String scopeOrNull, String id, NodeAssigned assignmentOrNull) {
    assignments.put(StoreKeys.scoped(scopeOrNull, id), assignmentOrNull);
  }

  @Override
  public MarkState mark(String id, String other) {
    return marks.get(StoreKeys.pair(id, other));
  }

  @Override
  public void putMark(String id, String other, MarkState markOrNull) {
    mayMark = true;
    marks.put(StoreKeys.pair(id, other), markOrNull);
  }

  @Override
  public void forEachMark(String id, BiConsumer<String, MarkState> visitor) {
    if (!mayMark) {
      return;
    }
    List<KeyValue<Bytes, MarkState>> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, MarkState> entries =
        marks.prefixScan(StoreKeys.pair(id, ""), Serdes.Bytes().serializer())) {
      entries.forEachRemaining(found::add);
    }
    found.forEach(entry -> visitor.accept(StoreKeys.other(entry.key), entry.value));
  }

  @Override
  public Probe probe(String id) {
    return probes.get(id);
  }

  @Override
  public void putProbe(String id, Probe probeOrNull) {
    probes.put(id, probeOrNull);
  }

  @Override
  public Long greatestEventTime() {
    EventClock found = clock.get(EVENT_TIME);
    return found == null ? null : Long.valueOf(found.getGreatest());
  }

  @Override
  public void putGreatestEventTime(long eventTime) {
    clock.put(EVENT_TIME, new EventClock(eventTime));
  }

  @Override
  public void putExpiry(long eventTime, String id, boolean present) {
    Bytes key = StoreKeys.expiry(eventTime, id);
    expiries.put(key, present ? new byte[0] : null);
    if (present && firstExpiry != null && key.compareTo(firstExpiry) < 0) {
      firstExpiry = key;
    }
  }

  @Override
  public List<String> expiriesBefore(long eventTime, int limit) {
    Bytes end = StoreKeys.expiry(eventTime, "");
    if (firstExpiry != null && firstExpiry.compareTo(end) >= 0) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = expiries.range(firstExpiry, end)) {
      firstExpiry = found.hasNext() ? found.peekNextKey() : end;
      while (found.hasNext() && ids.size() < limit) {
        ids.add(StoreKeys.expiringId(found.next().key));
      }
    }
    return ids;
  }
}

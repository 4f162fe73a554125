package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.NodeAssigned;
import dev.twinstream.schemas.internal.Probe;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** A document partition's memory for tests. Records are copied, as a store on disk would. */
final class InMemoryDocumentStore implements DocumentStore {
  private record Expiring(long eventTime, String id) implements Comparable<Expiring> {
    @Override
    public int compareTo(Expiring other) {
      return DocumentOrder.compare(eventTime, id, other.eventTime, other.id);
    }
  }

  private static final BinaryAvroSerde<DocumentState> STATE =
      new BinaryAvroSerde<>(DocumentState.class);

  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, NodeAssigned> assignments = new HashMap<>();
  private final Map<String, TreeMap<String, MarkState>> marks = new HashMap<>();
  private final TreeSet<Expiring> expiries = new TreeSet<>();
  private final Map<String, Probe> probes = new HashMap<>();
  long documentsRead;
  private long version;
  private Long greatest;

  @Override
  public DocumentState document(String id) {
    documentsRead++;
    byte[] state = documents.get(id);
    return state == null ? null : STATE.deserializer().deserialize("", state);
  }

  @Override
  public void putDocument(String id, DocumentState stateOrNull) {
    if (stateOrNull == null) {
      documents.remove(id);
    } else {
      documents.put(id, STATE.serializer().serialize("", stateOrNull));
    }
  }

  @Override
  public long nextVersion() {
    return ++version;
  }

  @Override
  public NodeAssigned assignment(String scopeOrNull, String id) {
    return assignments.get(StoreKeys.scoped(scopeOrNull, id));
  }

  @Override
  public void putAssignment(String scopeOrNull, String id, NodeAssigned assignmentOrNull) {
    String key = StoreKeys.scoped(scopeOrNull, id);
    if (assignmentOrNull == null) {
      assignments.remove(key);
    } else {
      assignments.put(key, assignmentOrNull);
    }
  }

  @Override
  public MarkState mark(String id, String other) {
    return marks.getOrDefault(id, new TreeMap<>()).get(other);
  }

  @Override
  public void putMark(String id, String other, MarkState markOrNull) {
    TreeMap<String, MarkState> own = marks.computeIfAbsent(id, i -> new TreeMap<>());
    if (markOrNull == null) {
      own.remove(other);
    } else {
      own.put(other, markOrNull);
    }
  }

  @Override
  public void forEachMark(String id, BiConsumer<String, MarkState> visitor) {
    new TreeMap<>(marks.getOrDefault(id, new TreeMap<>())).forEach(visitor);
  }

  @Override
  public Probe probe(String id) {
    return probes.get(id);
  }

  @Override
  public void putProbe(String id, Probe probeOrNull) {
    if (probeOrNull == null) {
      probes.remove(id);
    } else {
      probes.put(id, probeOrNull);
    }
  }

  /** Records that a partition without documents should not have: all but users' marks. */
  int leftovers() {
    return documents.size() + assignments.size() + expiries.size() + probes.size();
  }

  @Override
  public Long greatestEventTime() {
    return greatest;
  }

  @Override
  public void putGreatestEventTime(long eventTime) {
    greatest = eventTime;
  }

  @Override
  public void putExpiry(long eventTime, String id, boolean present) {
    Expiring expiring = new Expiring(eventTime, id);
    if (present) {
      expiries.add(expiring);
    } else {
      expiries.remove(expiring);
    }
  }

  @Override
  public List<String> expiriesBefore(long eventTime, int limit) {
    return expiries.headSet(new Expiring(eventTime, ""), false).stream()
        .limit(limit)
        .map(Expiring::id)
        .toList();
  }
}

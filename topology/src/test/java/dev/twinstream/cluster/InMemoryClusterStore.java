package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.ClusterWork;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/** Keeps copies, as a store of bytes would, and counts what is asked of it. */
public final class InMemoryClusterStore implements ClusterStore {
  private static final BinaryAvroSerde<ClusterVertex> VERTEX =
      new BinaryAvroSerde<>(ClusterVertex.class);
  private static final BinaryAvroSerde<ClusterNode> NODE = new BinaryAvroSerde<>(ClusterNode.class);
  private static final BinaryAvroSerde<ClusterWork> WORK = new BinaryAvroSerde<>(ClusterWork.class);
  private static final BinaryAvroSerde<ClusterTask> TASK = new BinaryAvroSerde<>(ClusterTask.class);

  private final Map<List<String>, Long> numbers = new HashMap<>();
  private final Map<Long, ClusterVertex> vertices = new HashMap<>();
  private final Map<Long, ClusterNode> nodes = new HashMap<>();
  private final Map<Long, TreeSet<Long>> linked = new HashMap<>();
  private final Map<Long, TreeSet<Long>> unlinked = new HashMap<>();
  private final Map<Long, Map<Long, Long>> heads = new HashMap<>();
  private final Map<Long, ClusterWork> works = new HashMap<>();
  private final Map<Long, Long> frontier = new HashMap<>();
  private ClusterTask task;
  private long operations;

  long operations() {
    return operations;
  }

  /** Whether nothing is left but the counters. */
  public boolean isEmpty() {
    return numbers.isEmpty()
        && vertices.isEmpty()
        && nodes.isEmpty()
        && linked.isEmpty()
        && unlinked.isEmpty()
        && heads.isEmpty()
        && works.isEmpty()
        && frontier.isEmpty();
  }

  /** Vertices whose edges do not connect. */
  int unlinkedChildren() {
    return unlinked.values().stream().mapToInt(TreeSet::size).sum();
  }

  private <T extends SpecificRecord> T copy(BinaryAvroSerde<T> serde, T recordOrNull) {
    operations++;
    return serde.deserializer().deserialize("", serde.serializer().serialize("", recordOrNull));
  }

  private <K, V> void put(Map<K, V> map, K key, V valueOrNull) {
    operations++;
    if (valueOrNull == null) {
      map.remove(key);
    } else {
      map.put(key, valueOrNull);
    }
  }

  @Override
  public Long number(String scopeOrNull, String id) {
    operations++;
    return numbers.get(key(scopeOrNull, id));
  }

  @Override
  public void putNumber(String scopeOrNull, String id, Long numberOrNull) {
    put(numbers, key(scopeOrNull, id), numberOrNull);
  }

  private static List<String> key(String scopeOrNull, String id) {
    return scopeOrNull == null ? List.of(id) : List.of(id, scopeOrNull);
  }

  @Override
  public ClusterVertex vertex(long number) {
    return copy(VERTEX, vertices.get(number));
  }

  @Override
  public void putVertex(long number, ClusterVertex vertexOrNull) {
    put(vertices, number, copy(VERTEX, vertexOrNull));
  }

  @Override
  public ClusterNode node(long number) {
    return copy(NODE, nodes.get(number));
  }

  @Override
  public void putNode(long number, ClusterNode nodeOrNull) {
    put(nodes, number, copy(NODE, nodeOrNull));
  }

  @Override
  public void putChild(long twin, boolean isLinked, long child, boolean present) {
    operations++;
    Map<Long, TreeSet<Long>> side = isLinked ? linked : unlinked;
    TreeSet<Long> children = side.computeIfAbsent(twin, t -> new TreeSet<>());
    if (present) {
      children.add(child);
    } else {
      children.remove(child);
    }
    if (children.isEmpty()) {
      side.remove(twin);
    }
  }

  @Override
  public Long nextChild(long twin, boolean isLinked, long after) {
    operations++;
    TreeSet<Long> children = (isLinked ? linked : unlinked).get(twin);
    return children == null ? null : children.higher(after);
  }

  @Override
  public Long head(long node, long slot) {
    operations++;
    return heads.getOrDefault(node, Map.of()).get(slot);
  }

  @Override
  public void putHead(long node, long slot, Long headOrNull) {
    Map<Long, Long> list = heads.computeIfAbsent(node, n -> new HashMap<>());
    put(list, slot, headOrNull);
    if (list.isEmpty()) {
      heads.remove(node);
    }
  }

  @Override
  public ClusterWork work(long position) {
    return copy(WORK, works.get(position));
  }

  @Override
  public void putWork(long position, ClusterWork workOrNull) {
    put(works, position, copy(WORK, workOrNull));
  }

  @Override
  public Long frontier(long position) {
    operations++;
    return frontier.get(position);
  }

  @Override
  public void putFrontier(long position, Long vertexOrNull) {
    put(frontier, position, vertexOrNull);
  }

  @Override
  public ClusterTask task() {
    return copy(TASK, task);
  }

  @Override
  public void putTask(ClusterTask newTask) {
    task = copy(TASK, newTask);
  }
}

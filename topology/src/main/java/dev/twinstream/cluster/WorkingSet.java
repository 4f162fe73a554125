package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterVertex;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The vertices and nodes that one call has read, so that each has one copy in memory. Those read by
 * an {@code edit} are written back by {@link #flush}.
 */
final class WorkingSet {
  final ClusterStore store;
  final ClusterTask task;
  private final Map<Long, ClusterVertex> vertices = new HashMap<>();
  private final Map<Long, ClusterNode> nodes = new HashMap<>();
  private final TreeSet<Long> changedVertices = new TreeSet<>();
  private final TreeSet<Long> changedNodes = new TreeSet<>();

  WorkingSet(ClusterStore store) {
    this.store = store;
    ClusterTask found = store.task();
    this.task = found == null ? ClusterTask.newBuilder().build() : found;
  }

  /** A number never given before. */
  long tick() {
    task.setClock(task.getClock() + 1);
    return task.getClock();
  }

  /** A vertex to look at; null where there is none. */
  ClusterVertex vertex(long number) {
    if (!vertices.containsKey(number)) {
      vertices.put(number, store.vertex(number));
    }
    return vertices.get(number);
  }

  /** A vertex to change. */
  ClusterVertex editVertex(long number) {
    changedVertices.add(number);
    return vertex(number);
  }

  /** The number of a document; a new document gets one, and a vertex. */
  long numberOrNew(String scopeOrNull, String id) {
    Long known = store.number(scopeOrNull, id);
    if (known != null) {
      return known;
    }
    long number = tick();
    store.putNumber(scopeOrNull, id, number);
    vertices.put(number, ClusterVertex.newBuilder().setScope(scopeOrNull).setId(id).build());
    changedVertices.add(number);
    return number;
  }

  void forget(long number) {
    ClusterVertex vertex = editVertex(number);
    store.putNumber(vertex.getScope(), vertex.getId(), null);
    vertices.put(number, null);
  }

  /** A node to look at; null where there is none. */
  ClusterNode node(long number) {
    if (!nodes.containsKey(number)) {
      nodes.put(number, store.node(number));
    }
    return nodes.get(number);
  }

  /** A node to change. */
  ClusterNode editNode(long number) {
    changedNodes.add(number);
    return node(number);
  }

  void putNode(long number, ClusterNode nodeOrNull) {
    nodes.put(number, nodeOrNull);
    changedNodes.add(number);
  }

  void flush() {
    changedVertices.forEach(n -> store.putVertex(n, vertices.get(n)));
    changedNodes.forEach(n -> store.putNode(n, nodes.get(n)));
    store.putTask(task);
  }
}

package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.ClusterWork;

/**
 * What a partition of clusters remembers. Documents and nodes go by numbers above 0 that are never
 * given twice. Every {@code get} answers null where there is nothing, and a record of its own that
 * the caller may change; every {@code put} of null removes.
 */
public interface ClusterStore {
  Long number(String scopeOrNull, String id);

  void putNumber(String scopeOrNull, String id, Long numberOrNull);

  ClusterVertex vertex(long number);

  void putVertex(long number, ClusterVertex vertexOrNull);

  ClusterNode node(long number);

  void putNode(long number, ClusterNode nodeOrNull);

  /** Adds or removes a vertex among those whose edges name a twin. */
  void putChild(long twin, boolean linked, long child, boolean present);

  /** The child of the smallest number above {@code after}. */
  Long nextChild(long twin, boolean linked, long after);

  /** An entry of a node's list of heads: a vertex, or minus the number of a merged node. */
  Long head(long node, long slot);

  void putHead(long node, long slot, Long headOrNull);

  ClusterWork work(long position);

  void putWork(long position, ClusterWork workOrNull);

  /** A vertex in the frontier of the one tree that is being moved. */
  Long frontier(long position);

  void putFrontier(long position, Long vertexOrNull);

  ClusterTask task();

  void putTask(ClusterTask task);
}

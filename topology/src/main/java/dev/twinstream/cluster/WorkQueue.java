package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterWork;
import dev.twinstream.schemas.internal.ClusterWorkKind;

/** What waits for a step: clusters to split, and vertices whose children change. In turn. */
final class WorkQueue {
  private final WorkingSet set;

  WorkQueue(WorkingSet set) {
    this.set = set;
  }

  void addCluster(long root) {
    if (!set.node(root).getQueued()) {
      set.editNode(root).setQueued(true);
      add(new ClusterWork(ClusterWorkKind.SPLIT_CLUSTER, root, 0L, 0, 0L, 0L));
    }
  }

  /** Queues a vertex that went, or came back, and whose children do not know yet. */
  void addVertex(long number) {
    if (!set.vertex(number).getQueued()) {
      set.editVertex(number).setQueued(true);
      add(children(number));
    }
  }

  /** What is to be done with the children of a vertex as it is now. */
  ClusterWork children(long number) {
    boolean gone = set.vertex(number).getGone();
    return new ClusterWork(
        gone ? ClusterWorkKind.UNLINK_CHILDREN : ClusterWorkKind.LINK_CHILDREN,
        number,
        0L,
        0,
        0L,
        0L);
  }

  void add(ClusterWork work) {
    ClusterTask task = set.task;
    set.store.putWork(task.getQueueEnd(), work);
    task.setQueueEnd(task.getQueueEnd() + 1);
  }

  /** Takes the first out of a queue that is not empty. */
  ClusterWork take() {
    ClusterTask task = set.task;
    ClusterWork work = set.store.work(task.getQueueFirst());
    set.store.putWork(task.getQueueFirst(), null);
    task.setQueueFirst(task.getQueueFirst() + 1);
    return work;
  }

  long length() {
    return set.task.getQueueEnd() - set.task.getQueueFirst();
  }
}

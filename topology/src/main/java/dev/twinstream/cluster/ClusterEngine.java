package dev.twinstream.cluster;

import dev.twinstream.dedup.DocumentOrder;
import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.EdgeChange;
import java.util.Objects;

/**
 * Clusters of near-duplicates: the connected components of the documents of a scope, each of which
 * points to at most one earlier document, its twin. See the package's text for the method.
 *
 * <p>A call does work that does not grow with the size of a cluster: an edge change touches a
 * constant number of records and the nodes above them, log2 of the members at most; a step, at most
 * {@link #STEP_EDGES} edges. Not for use by several threads.
 */
public final class ClusterEngine {
  /** Edges that one step looks at. */
  static final int STEP_EDGES = 500;

  /**
   * Steps that a cluster which fell apart, or a document that left, is given after the last change,
   * for its members to choose other twins before they are told to go.
   */
  static final int PATIENCE = 16;

  /** A cluster is given one step more for so many of its members, however changes go on. */
  static final int EDGES_WORTH_A_STEP = 50;

  private final ClusterStore store;
  private final ClusterOutbox outbox;
  private final String idPrefix;

  /**
   * @param idPrefix what cluster ids begin with: one of the store's own, as numbers follow that
   *     other stores give too
   */
  public ClusterEngine(ClusterStore store, ClusterOutbox outbox, String idPrefix) {
    this.store = store;
    this.outbox = outbox;
    this.idPrefix = idPrefix;
  }

  /**
   * Takes in an edge change; void where the document has a change of the same or a higher revision.
   *
   * @throws IllegalArgumentException where the twin does not come before the document, in the order
   *     of (event time, id)
   */
  public void change(EdgeChange change) {
    requireEarlierTwin(change);
    Call call = new Call();
    call.change(change);
    call.end();
  }

  /** Goes on with what is unsettled; asked for through {@link ClusterOutbox#stepLater}. */
  public void step() {
    step(STEP_EDGES);
  }

  /** A step of another size. */
  void step(int edgesAtMost) {
    Call call = new Call();
    call.set.task.setStepDue(false);
    call.splitter.step(edgesAtMost);
    call.end();
  }

  private static void requireEarlierTwin(EdgeChange change) {
    if (change.getTwin() == null || !change.getPresent()) {
      return;
    }
    Long twinTime = change.getTwinEventTime();
    boolean earlier =
        twinTime != null
            && DocumentOrder.compare(
                    twinTime, change.getTwin(), change.getEventTime(), change.getId())
                < 0;
    if (!earlier) {
      throw new IllegalArgumentException(
          "edge change of document "
              + change.getId()
              + " at "
              + change.getEventTime()
              + ": found the twin "
              + change.getTwin()
              + " at "
              + twinTime
              + ", wanted one that is earlier by (event time, id); the sender must compare them");
    }
  }

  /** What one call works with. */
  private final class Call {
    private final WorkingSet set = new WorkingSet(store);
    private final NodeForest forest = new NodeForest(set, outbox, idPrefix);
    private final WorkQueue queue = new WorkQueue(set);
    private final Edges edges = new Edges(set, forest, queue);
    private final Splitter splitter = new Splitter(set, forest, edges, queue);

    void change(EdgeChange change) {
      boolean pointsToTwin = change.getPresent() && change.getTwin() != null;
      Long known = store.number(change.getScope(), change.getId());
      if (known == null && !pointsToTwin) {
        return;
      }
      long number = known == null ? set.numberOrNew(change.getScope(), change.getId()) : known;
      ClusterVertex vertex = set.vertex(number);
      if (change.getRevision() <= vertex.getRevision()) {
        return;
      }
      set.editVertex(number).setRevision(change.getRevision());
      if (!change.getPresent()) {
        if (!vertex.getGone()) {
          edges.depart(number);
        }
        return;
      }
      edges.comeBack(number);
      edges.point(number, pointsToTwin ? set.numberOrNew(change.getScope(), change.getTwin()) : 0);
      edges.forgetIfBare(number);
    }

    void end() {
      for (Long root = forest.nextTouched(); root != null; root = forest.nextTouched()) {
        review(root);
      }
      if (!set.task.getStepDue() && splitter.hasWork()) {
        set.task.setStepDue(true);
        outbox.stepLater();
      }
      set.flush();
    }

    /** Publishes what has changed about a cluster, ends it, or queues it for splitting. */
    private void review(long root) {
      ClusterNode cluster = set.editNode(root);
      if (!edges.isOneTree(root)) {
        if (cluster.getSettled()) {
          cluster.setSettled(false);
          cluster.setGeneration(cluster.getGeneration() + 1);
          forest.publish(root, cluster, null);
        }
        if (cluster.getHeads() > 1) {
          queue.addCluster(root);
        }
        return;
      }
      long headNumber = forest.firstHead(root);
      ClusterVertex head = set.vertex(headNumber);
      if (edges.isWaiting(head)) {
        edges.link(headNumber);
      } else if (cluster.getSize() == 1) {
        forest.leave(headNumber);
        forest.tell(head);
        edges.forgetIfBare(headNumber);
      } else if (!cluster.getSettled()
          || cluster.getSize() != cluster.getPublishedSize()
          || !Objects.equals(cluster.getCanonical(), head.getId())) {
        cluster.setSettled(true);
        cluster.setPublishedSize(cluster.getSize());
        cluster.setCanonical(head.getId());
        forest.publish(root, cluster, null);
      }
    }
  }
}

package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterVertex;

/**
 * The edges of vertices, one at most from each, and what their coming and going does to the
 * clusters: in constant time but for the depth of the forest of nodes.
 */
final class Edges {
  private final WorkingSet set;
  private final NodeForest forest;
  private final WorkQueue queue;

  Edges(WorkingSet set, NodeForest forest, WorkQueue queue) {
    this.set = set;
    this.forest = forest;
    this.queue = queue;
  }

  /** Makes a vertex that is not gone point to a twin, or to none where it is 0. */
  void point(long number, long twin) {
    if (set.vertex(number).getTwin() != twin) {
      detach(number);
      if (twin != 0) {
        set.editVertex(number).setTwin(twin);
        setLinked(number, false, 0);
      }
    }
    if (twin != 0) {
      comeBack(twin);
      link(number);
    }
  }

  /** The vertex is a member no longer; edges to it are cut later. */
  void depart(long number) {
    detach(number);
    ClusterVertex vertex = set.vertex(number);
    forest.setGone(number, true);
    if (vertex.getLinkedChildren() > 0) {
      queue.addVertex(number);
    } else if (vertex.getNode() != 0) {
      forest.leave(number);
    }
    forgetIfBare(number);
  }

  /** Undoes a departure; edges to the vertex that were cut meanwhile connect again, some later. */
  void comeBack(long number) {
    ClusterVertex vertex = set.vertex(number);
    if (vertex.getGone()) {
      forest.setGone(number, false);
      if (vertex.getUnlinkedChildren() > 0) {
        queue.addVertex(number);
      }
    }
  }

  /** Whether the vertex has an edge that should connect and does not yet. */
  boolean isWaiting(ClusterVertex vertex) {
    return vertex.getTwin() != 0 && !vertex.getLinked() && !set.vertex(vertex.getTwin()).getGone();
  }

  /**
   * Connects a vertex to its twin, if it is waiting and the whole of its cluster may follow it. It
   * may not where the cluster has other trees: then the vertex waits until these have parted, so
   * that clusters which no edge joins are never merged.
   *
   * @return whether it is connected now
   */
  boolean link(long number) {
    ClusterVertex vertex = set.vertex(number);
    if (!isWaiting(vertex)) {
      return vertex.getLinked();
    }
    long twinNumber = vertex.getTwin();
    ClusterVertex twin = set.vertex(twinNumber);
    long own = forest.rootOf(vertex);
    long other = forest.rootOf(twin);
    if (own != 0 && own != other) {
      if (vertex.getLinkedChildren() == 0) {
        forest.leave(number);
        own = 0;
      } else if (!isOneTree(own)) {
        return false;
      }
    }
    if (own != 0) {
      forest.removeHead(number);
    }
    setLinked(number, true, -1);
    if (own == 0 && other == 0) {
      other = forest.create(twin.getId(), true);
      forest.join(twinNumber, other);
      forest.join(number, other);
    } else if (own == 0) {
      forest.join(number, other);
    } else if (other == 0) {
      forest.join(twinNumber, own);
    } else if (own != other) {
      forest.merge(own, vertex.getId(), other, twin.getId());
    }
    return true;
  }

  /** Whether a cluster is known to be connected, with nothing left to do. */
  boolean isOneTree(long root) {
    ClusterNode node = set.node(root);
    return node.getHeads() == 1 && node.getGhosts() == 0 && !forest.isMoving(root);
  }

  /** Disconnects a vertex from its twin, which its edge still names. */
  void cut(long number) {
    setLinked(number, false, -1);
    if (set.vertex(number).getNode() != 0) {
      forest.addHead(number);
    }
  }

  private void detach(long number) {
    ClusterVertex vertex = set.editVertex(number);
    long twinNumber = vertex.getTwin();
    if (twinNumber == 0) {
      return;
    }
    if (vertex.getLinked()) {
      cut(number);
    }
    set.store.putChild(twinNumber, false, number, false);
    ClusterVertex twin = set.editVertex(twinNumber);
    twin.setUnlinkedChildren(twin.getUnlinkedChildren() - 1);
    vertex.setTwin(0L);
    dismiss(twinNumber);
  }

  /** Lets a ghost go to which no edge connects any more. */
  void dismiss(long number) {
    ClusterVertex vertex = set.vertex(number);
    if (vertex.getGone() && vertex.getNode() != 0 && vertex.getLinkedChildren() == 0) {
      forest.leave(number);
    }
    forgetIfBare(number);
  }

  /**
   * Forgets a vertex without edges. Its revision goes with it: nothing older can come, as the
   * messages of one document come in order.
   */
  void forgetIfBare(long number) {
    ClusterVertex vertex = set.vertex(number);
    if (vertex.getTwin() == 0
        && vertex.getNode() == 0
        && vertex.getLinkedChildren() + vertex.getUnlinkedChildren() == 0) {
      set.forget(number);
    }
  }

  /**
   * Files a vertex among its twin's children.
   *
   * @param otherSide -1 where it has been filed on the other side, 0 where nowhere
   */
  private void setLinked(long number, boolean linked, int otherSide) {
    ClusterVertex vertex = set.editVertex(number);
    ClusterVertex twin = set.editVertex(vertex.getTwin());
    if (otherSide != 0) {
      set.store.putChild(vertex.getTwin(), !linked, number, false);
    }
    set.store.putChild(vertex.getTwin(), linked, number, true);
    vertex.setLinked(linked);
    twin.setLinkedChildren(twin.getLinkedChildren() + (linked ? 1 : otherSide));
    twin.setUnlinkedChildren(twin.getUnlinkedChildren() + (linked ? otherSide : 1));
  }
}

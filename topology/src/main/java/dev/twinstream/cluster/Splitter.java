package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterTask;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.ClusterWork;
import dev.twinstream.schemas.internal.ClusterWorkKind;
import dev.twinstream.schemas.internal.Duel;
import dev.twinstream.schemas.internal.Move;

/**
 * Parts the trees of unsettled clusters, a step at a time. Of two trees of a cluster, the smaller
 * moves to a cluster of its own, until one is left: it keeps the cluster's id, and is the largest.
 * One cluster is treated at a time.
 *
 * <p>While a tree moves, edges may connect vertices of two clusters, but only to a twin that is in
 * the frontier, waiting to have its children follow. Every change of an edge keeps that, so none
 * makes a move start again.
 */
final class Splitter {
  private final WorkingSet set;
  private final NodeForest forest;
  private final Edges edges;
  private final WorkQueue queue;
  private final TreeWalks walks;
  private int budget;

  Splitter(WorkingSet set, NodeForest forest, Edges edges, WorkQueue queue) {
    this.set = set;
    this.forest = forest;
    this.edges = edges;
    this.queue = queue;
    this.walks = new TreeWalks(set);
  }

  boolean hasWork() {
    return set.task.getMove() != null || set.task.getActive() != 0 || queue.length() > 0;
  }

  /** Looks at up to that many edges; at what waits in the queue, once. */
  void step(int edgesAtMost) {
    budget = edgesAtMost;
    ClusterTask task = set.task;
    long waiting = queue.length();
    while (budget > 0) {
      if (task.getMove() != null) {
        advanceMove(task.getMove());
      } else if (task.getActive() != 0) {
        treat(task.getActive());
      } else if (waiting > 0) {
        waiting--;
        budget--;
        look(queue.take());
      } else {
        return;
      }
    }
  }

  private void look(ClusterWork work) {
    if (work.getKind() == ClusterWorkKind.SPLIT_CLUSTER) {
      lookAtCluster(work);
    } else if (set.vertex(work.getTarget()) != null) {
      lookAtChildren(work);
    }
  }

  private void lookAtCluster(ClusterWork work) {
    ClusterNode cluster = set.node(work.getTarget());
    if (cluster == null) {
      return;
    }
    if (cluster.getParent() != 0 || cluster.getHeads() < 2) {
      set.editNode(work.getTarget()).setQueued(false);
    } else if (cluster.getGhosts() > 0) {
      // Its children are being cut, each a head then: what there is to wait for begins after that.
      work.setLooks(0L);
      work.setIdle(0);
      queue.add(work);
    } else if (isDue(work, cluster.getChanges(), cluster.getSize())) {
      set.task.setActive(work.getTarget());
    } else {
      queue.add(work);
    }
  }

  /**
   * Whether to wait no longer: nothing has changed in some time, or changes go on for so long that
   * the work which they might save is not worth it.
   *
   * @param size what the work would be, in edges
   */
  private static boolean isDue(ClusterWork work, long seen, long size) {
    work.setIdle(work.getSeen() == seen ? work.getIdle() + 1 : 0);
    work.setLooks(work.getLooks() + 1);
    work.setSeen(seen);
    return work.getIdle() >= ClusterEngine.PATIENCE
        || work.getLooks() > ClusterEngine.PATIENCE + size / ClusterEngine.EDGES_WORTH_A_STEP;
  }

  private void lookAtChildren(ClusterWork earlier) {
    long number = earlier.getTarget();
    ClusterWork now = queue.children(number);
    ClusterWork work = now.getKind() == earlier.getKind() ? earlier : now;
    boolean unlink = work.getKind() == ClusterWorkKind.UNLINK_CHILDREN;
    ClusterVertex vertex = set.vertex(number);
    long linked = vertex.getLinkedChildren();
    if (unlink && linked > 0 && !isDue(work, linked, linked)) {
      queue.add(work);
      return;
    }
    // At least one, even where the looks of this step have used it up: each round gets on.
    do {
      Long child = set.store.nextChild(number, unlink, work.getAfter());
      if (child == null) {
        if (unlink && vertex.getLinkedChildren() > 0) {
          // The vertex came back and went again meanwhile, and the first children with it.
          queue.add(queue.children(number));
          return;
        }
        set.editVertex(number).setQueued(false);
        edges.dismiss(number);
        return;
      }
      work.setAfter(child);
      budget--;
      if (unlink) {
        edges.cut(child);
      } else {
        edges.link(child);
      }
    } while (budget > 0);
    work.setSeen(vertex.getLinkedChildren());
    queue.add(work);
  }

  /** Goes on with a cluster of several trees. */
  private void treat(long active) {
    budget--;
    ClusterNode cluster = set.node(active);
    Duel duel = set.task.getDuel();
    if (cluster == null || cluster.getParent() != 0 || cluster.getHeads() < 2) {
      finish(active, false);
    } else if (cluster.getGhosts() > 0) {
      finish(active, true);
    } else if (duel == null) {
      startDuel(active);
    } else if (isOff(duel, active)) {
      finish(active, true);
    } else {
      long smaller = walks.advance(duel);
      if (smaller != 0) {
        set.task.setDuel(null);
        part(smaller, active);
      }
    }
  }

  private void finish(long active, boolean again) {
    set.task.setActive(0L);
    set.task.setDuel(null);
    if (set.node(active) != null) {
      set.editNode(active).setQueued(false);
      if (again) {
        queue.addCluster(active);
      }
      forest.touch(active);
    }
  }

  private void startDuel(long active) {
    long first = forest.firstHead(active);
    long second = forest.secondHead(active);
    if (linksWithin(first, active) || linksWithin(second, active)) {
      return;
    }
    if (isSolitary(second)) {
      part(second, active);
    } else if (isSolitary(first)) {
      part(first, active);
    } else {
      set.task.setDuel(TreeWalks.start(Math.min(first, second), Math.max(first, second)));
    }
  }

  private boolean isSolitary(long head) {
    return set.vertex(head).getLinkedChildren() == 0;
  }

  /** Connects a head whose twin has come into the same cluster since it began to wait. */
  private boolean linksWithin(long head, long root) {
    ClusterVertex vertex = set.vertex(head);
    return edges.isWaiting(vertex)
        && forest.rootOf(set.vertex(vertex.getTwin())) == root
        && edges.link(head);
  }

  /** Whether a change has taken a tree away, or a circle leads a walk around for ever. */
  private boolean isOff(Duel duel, long active) {
    long longest = 2 * set.node(active).getSize();
    return isNoHead(duel.getFirst().getHead(), active)
        || isNoHead(duel.getSecond().getHead(), active)
        || Math.min(duel.getFirst().getLength(), duel.getSecond().getLength()) > longest;
  }

  private boolean isNoHead(long number, long root) {
    ClusterVertex vertex = set.vertex(number);
    return vertex == null || vertex.getLinked() || forest.rootOf(vertex) != root;
  }

  private void part(long head, long source) {
    ClusterVertex vertex = set.vertex(head);
    if (!isSolitary(head)) {
      long target = forest.create(vertex.getId(), false);
      set.task.setMove(new Move(source, target, 0L, 0L, 0L));
      forest.publish(target, set.node(target), null);
      move(head, target);
    } else if (!edges.isWaiting(vertex)) {
      forest.leave(head);
      forest.tell(vertex);
      edges.forgetIfBare(head);
    } else {
      edges.link(head);
    }
  }

  private void move(long number, long target) {
    forest.leave(number);
    forest.join(number, target);
    if (set.vertex(number).getLinkedChildren() > 0) {
      Move move = set.task.getMove();
      set.store.putFrontier(move.getFrontierEnd(), number);
      move.setFrontierEnd(move.getFrontierEnd() + 1);
    }
  }

  /** Has one child follow. */
  private void advanceMove(Move move) {
    budget--;
    if (move.getFrontierFirst() == move.getFrontierEnd()) {
      set.task.setMove(null);
      for (long node : new long[] {move.getSource(), move.getTarget()}) {
        forest.touch(forest.root(node));
        forest.endIfEmpty(node);
      }
      return;
    }
    long number = set.store.frontier(move.getFrontierFirst());
    ClusterVertex vertex = set.vertex(number);
    Long child =
        vertex == null || vertex.getLinkedChildren() == 0
            ? null
            : set.store.nextChild(number, true, move.getAfter());
    if (child == null) {
      set.store.putFrontier(move.getFrontierFirst(), null);
      move.setFrontierFirst(move.getFrontierFirst() + 1);
      move.setAfter(0L);
    } else {
      move.setAfter(child);
      long root = forest.rootOf(vertex);
      if (forest.rootOf(set.vertex(child)) != root) {
        move(child, root);
      }
    }
  }
}

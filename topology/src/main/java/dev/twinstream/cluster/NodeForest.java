package dev.twinstream.cluster;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.ClusterNode;
import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.Move;
import dev.twinstream.schemas.internal.NodeAssigned;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which node each vertex is assigned, and which nodes were merged into which: a union-find forest
 * (Galler and Fisher 1964) whose roots are the clusters. A merge hangs the root of fewer vertices
 * under the other, counting all that ever joined, so that no vertex is more than log2 of these
 * below its root, whatever leaves in between. No path is compressed: members keep the node they
 * were told.
 *
 * <p>A <em>head</em> is a vertex without a connecting edge of its own. Each node lists the heads
 * assigned to it, and the nodes merged into it that have heads below them, so that a cluster finds
 * its heads without a search. As every other vertex has exactly one connecting edge, a cluster
 * without circles is connected if and only if it has one head.
 */
final class NodeForest {
  private final WorkingSet set;
  private final ClusterOutbox outbox;
  private final String idPrefix;

  /** Nodes whose clusters this call has changed. */
  private final Deque<Long> touched = new ArrayDeque<>();

  NodeForest(WorkingSet set, ClusterOutbox outbox, String idPrefix) {
    this.set = set;
    this.outbox = outbox;
    this.idPrefix = idPrefix;
  }

  /** The next touched cluster that still exists; null when there are no more. */
  Long nextTouched() {
    while (!touched.isEmpty()) {
      long node = touched.remove();
      if (set.node(node) != null) {
        return root(node);
      }
    }
    return null;
  }

  void touch(long node) {
    touched.add(node);
  }

  long root(long node) {
    long at = node;
    for (long up = set.node(at).getParent(); up != 0; up = set.node(at).getParent()) {
      at = up;
    }
    return at;
  }

  /** The cluster of a vertex; 0 where it is alone. */
  long rootOf(ClusterVertex vertex) {
    return vertex.getNode() == 0 ? 0 : root(vertex.getNode());
  }

  /** Makes an empty cluster. */
  long create(String canonical, boolean settled) {
    long number = set.tick();
    set.putNode(
        number, ClusterNode.newBuilder().setCanonical(canonical).setSettled(settled).build());
    touch(number);
    return number;
  }

  /** Adds a vertex that is in no cluster, and tells it. */
  void join(long number, long root) {
    ClusterVertex vertex = set.editVertex(number);
    vertex.setNode(root);
    ClusterNode node = set.editNode(root);
    node.setDirect(node.getDirect() + 1);
    node.setWeight(node.getWeight() + 1);
    count(node, vertex, 1);
    if (!vertex.getLinked()) {
      addHead(number);
    }
    touch(root);
    tell(vertex);
  }

  /** Takes a vertex out of its cluster, without telling it. */
  void leave(long number) {
    ClusterVertex vertex = set.editVertex(number);
    long node = vertex.getNode();
    long root = root(node);
    if (!vertex.getLinked()) {
      removeHead(number);
    }
    count(set.editNode(root), vertex, -1);
    ClusterNode direct = set.editNode(node);
    direct.setDirect(direct.getDirect() - 1);
    vertex.setNode(0L);
    touch(root);
    endIfEmpty(node);
  }

  private static void count(ClusterNode root, ClusterVertex vertex, int change) {
    if (vertex.getGone()) {
      root.setGhosts(root.getGhosts() + change);
    } else {
      root.setSize(root.getSize() + change);
    }
  }

  /** Turns a vertex, in a cluster or not, into a ghost or back. */
  void setGone(long number, boolean gone) {
    ClusterVertex vertex = set.editVertex(number);
    if (vertex.getNode() == 0) {
      vertex.setGone(gone);
      return;
    }
    ClusterNode root = set.editNode(rootOf(vertex));
    count(root, vertex, -1);
    vertex.setGone(gone);
    count(root, vertex, 1);
    touch(vertex.getNode());
    tell(vertex);
  }

  /** Tells a vertex its node. */
  void tell(ClusterVertex vertex) {
    boolean alone = vertex.getNode() == 0 || vertex.getGone();
    outbox.assigned(
        new NodeAssigned(
            vertex.getId(),
            vertex.getScope(),
            alone ? null : clusterId(vertex.getNode()),
            set.tick()));
  }

  /**
   * Merges two clusters.
   *
   * @param ownEarliest id of the earliest member of {@code own}, which may not be published yet
   * @param otherPresent id of a member of {@code other} that is there
   */
  void merge(long own, String ownEarliest, long other, String otherPresent) {
    ClusterNode a = set.editNode(own);
    ClusterNode b = set.editNode(other);
    boolean ownWins = a.getWeight() != b.getWeight() ? a.getWeight() > b.getWeight() : own < other;
    long winner = ownWins ? own : other;
    long loser = ownWins ? other : own;
    ClusterNode into = ownWins ? a : b;
    ClusterNode from = ownWins ? b : a;
    from.setParent(winner);
    if (!ownWins) {
      from.setCanonical(ownEarliest);
    } else if (!from.getSettled()) {
      // Its canonical may have left.
      from.setCanonical(otherPresent);
    }
    // Its last record: whatever was unsettled about it is the winner's from now on.
    from.setSettled(true);
    into.setAbsorbed(into.getAbsorbed() + 1);
    into.setSize(into.getSize() + from.getSize());
    into.setGhosts(into.getGhosts() + from.getGhosts());
    into.setHeads(into.getHeads() + from.getHeads());
    into.setWeight(into.getWeight() + from.getWeight());
    if (from.getEntries() > 0) {
      append(winner, -loser);
    }
    from.setPublishedSize(from.getSize());
    publish(loser, from, clusterId(winner));
    touch(winner);
  }

  /** Adds a vertex to the heads of its cluster. */
  void addHead(long number) {
    long at = set.vertex(number).getNode();
    boolean first = append(at, number);
    for (long up = set.node(at).getParent(); up != 0; up = set.node(at).getParent()) {
      first = first && append(up, -at);
      at = up;
    }
    ClusterNode root = set.editNode(at);
    root.setHeads(root.getHeads() + 1);
    root.setChanges(root.getChanges() + 1);
    touch(at);
  }

  void removeHead(long number) {
    long at = set.vertex(number).getNode();
    boolean last = remove(at, set.vertex(number).getSlot());
    for (long up = set.node(at).getParent(); up != 0; up = set.node(at).getParent()) {
      last = last && remove(up, set.node(at).getSlot());
      at = up;
    }
    ClusterNode root = set.editNode(at);
    root.setHeads(root.getHeads() - 1);
    root.setChanges(root.getChanges() + 1);
    touch(at);
  }

  private boolean append(long node, long entry) {
    ClusterNode list = set.editNode(node);
    put(node, list.getEntries(), entry);
    list.setEntries(list.getEntries() + 1);
    return list.getEntries() == 1;
  }

  /** Fills the gap with the last entry: lists stay dense, and no scan passes what was removed. */
  private boolean remove(long node, long slot) {
    ClusterNode list = set.editNode(node);
    long last = list.getEntries() - 1;
    if (slot != last) {
      put(node, slot, set.store.head(node, last));
    }
    set.store.putHead(node, last, null);
    list.setEntries(last);
    return last == 0;
  }

  private void put(long node, long slot, long entry) {
    set.store.putHead(node, slot, entry);
    if (entry > 0) {
      set.editVertex(entry).setSlot(slot);
    } else {
      set.editNode(-entry).setSlot(slot);
    }
  }

  /** One head below a node that has some. */
  long firstHead(long node) {
    return below(set.store.head(node, 0));
  }

  /** Another head of a cluster that has at least two. */
  long secondHead(long root) {
    long at = root;
    while (set.node(at).getEntries() == 1) {
      at = -set.store.head(at, 0);
    }
    return below(set.store.head(at, 1));
  }

  private long below(long entry) {
    return entry > 0 ? entry : firstHead(-entry);
  }

  /** Whether the tree that is being moved leaves, or enters, this cluster. */
  boolean isMoving(long root) {
    Move move = set.task.getMove();
    return move != null && (root(move.getSource()) == root || root(move.getTarget()) == root);
  }

  /** Ends a node that nothing refers to, and those above it that come to that. */
  void endIfEmpty(long number) {
    long at = number;
    while (at != 0) {
      ClusterNode node = set.node(at);
      Move move = set.task.getMove();
      boolean pinned = move != null && (move.getSource() == at || move.getTarget() == at);
      if (pinned || node.getDirect() > 0 || node.getAbsorbed() > 0) {
        return;
      }
      set.putNode(at, null);
      outbox.cluster(clusterId(at), null);
      at = node.getParent();
      if (at != 0) {
        ClusterNode parent = set.editNode(at);
        parent.setAbsorbed(parent.getAbsorbed() - 1);
      }
    }
  }

  void publish(long number, ClusterNode node, String redirectOrNull) {
    String id = clusterId(number);
    outbox.cluster(
        id,
        new Cluster(
            id,
            node.getCanonical(),
            redirectOrNull,
            node.getPublishedSize(),
            node.getSettled(),
            node.getGeneration(),
            set.tick()));
  }

  private String clusterId(long number) {
    return idPrefix + number;
  }
}

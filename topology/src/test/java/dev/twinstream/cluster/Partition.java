package dev.twinstream.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.EdgeChange;
import dev.twinstream.schemas.internal.NodeAssigned;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An engine on a store in memory, with the last of everything that it published. It checks what
 * must hold of each record when it comes: growing revisions and sequences, ids that do not return,
 * one message for a step at a time, and little work a call.
 */
final class Partition implements ClusterOutbox {
  /** Store operations that no call may pass: 500 edges of a step, each moving a vertex. */
  private static final long MOST_OPERATIONS = 20_000;

  /** Store operations that no edge change may pass. */
  private static final long MOST_OPERATIONS_OF_A_CHANGE = 250;

  final InMemoryClusterStore store = new InMemoryClusterStore();
  final Map<String, Cluster> clusters = new TreeMap<>();
  final Map<List<String>, String> nodes = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<List<String>, Long> sequences = new HashMap<>();
  private final Map<String, Cluster> lastOfEach = new HashMap<>();
  private final ClusterEngine engine = new ClusterEngine(store, this, "c7-");
  private final Map<String, Long> revisions = new HashMap<>();
  long assignments;
  long clusterRecords;
  long mostOperationsOfAChange;
  long mostOperationsOfAStep;
  boolean stepDue;

  /** Edges that a step looks at. */
  int stepEdges = ClusterEngine.STEP_EDGES;

  void change(EdgeChange change) {
    long before = store.operations();
    engine.change(change);
    long spent = store.operations() - before;
    mostOperationsOfAChange = Math.max(mostOperationsOfAChange, spent);
    if (spent >= MOST_OPERATIONS_OF_A_CHANGE) {
      throw new AssertionError(spent + " operations for " + change);
    }
  }

  /** Sends an edge under the document's next revision; null: it has none. */
  void point(Doc doc, Doc twinOrNull) {
    change(doc.pointingTo(nextRevision(doc), twinOrNull));
  }

  void leave(Doc doc) {
    change(doc.gone(nextRevision(doc)));
  }

  private long nextRevision(Doc doc) {
    return revisions.merge(doc.id(), 1L, Long::sum);
  }

  void step() {
    stepDue = false;
    long before = store.operations();
    engine.step(stepEdges);
    long spent = store.operations() - before;
    mostOperationsOfAStep = Math.max(mostOperationsOfAStep, spent);
    assertThat(spent).as("operations of a step").isLessThan(MOST_OPERATIONS);
  }

  /** Steps until there is nothing more to do. */
  int settle(int stepsAtMost) {
    int steps = 0;
    for (; stepDue; steps++) {
      assertThat(steps).as("steps").isLessThan(stepsAtMost);
      step();
    }
    return steps;
  }

  @Override
  public void assigned(NodeAssigned assigned) {
    assignments++;
    List<String> key = Doc.key(assigned.getScope(), assigned.getId());
    Long last = sequences.put(key, assigned.getSequence());
    if (last != null && last >= assigned.getSequence()) {
      throw new AssertionError("sequence " + last + ", then " + assigned);
    }
    if (assigned.getNode() == null) {
      nodes.remove(key);
    } else {
      nodes.put(key, assigned.getNode());
    }
  }

  @Override
  public void cluster(String id, Cluster clusterOrNull) {
    clusterRecords++;
    if (ended.contains(id)) {
      throw new AssertionError("a record after the end of " + id + ": " + clusterOrNull);
    }
    if (clusterOrNull == null) {
      clusters.remove(id);
      ended.add(id);
      return;
    }
    Cluster last = lastOfEach.put(id, clusterOrNull);
    if (last != null && !mayFollow(last, clusterOrNull)) {
      throw new AssertionError(last + ", then " + clusterOrNull);
    }
    clusters.put(id, clusterOrNull);
  }

  private static boolean mayFollow(Cluster last, Cluster next) {
    boolean unsettledTwice = !last.getSettled() && !next.getSettled() && next.getRedirect() == null;
    return next.getRevision() > last.getRevision()
        && next.getGeneration() >= last.getGeneration()
        && last.getRedirect() == null
        && !unsettledTwice;
  }

  @Override
  public void stepLater() {
    assertThat(stepDue).as("two steps under way").isFalse();
    stepDue = true;
  }

  /** The cluster at the end of the redirects; fails where one points nowhere or in a circle. */
  Cluster resolve(String node) {
    Cluster at = clusters.get(node);
    assertThat(at).as("cluster %s", node).isNotNull();
    for (int hops = 0; at.getRedirect() != null; hops++) {
      assertThat(hops).as("redirects from %s", node).isLessThan(mostHops());
      Cluster next = clusters.get(at.getRedirect());
      assertThat(next).as("target of the redirect %s", at).isNotNull();
      at = next;
    }
    return at;
  }

  private int mostHops() {
    return 64 - Long.numberOfLeadingZeros(Math.max(2, sequences.size()));
  }
}

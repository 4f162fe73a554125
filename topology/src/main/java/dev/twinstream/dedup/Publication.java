package dev.twinstream.dedup;

import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.EdgeChange;
import dev.twinstream.schemas.internal.NodeAssigned;
import java.util.Objects;

/** Publishes what changed of a document: its verdict, its edge to its twin, and its cluster. */
final class Publication {
  private final DocumentStore store;
  private final DocumentOutbox outbox;
  private final Marks marks;
  private final boolean clustersContained;

  /**
   * @param clustersContained whether contained documents join their twin's cluster
   */
  Publication(DocumentStore store, DocumentOutbox outbox, Marks marks, boolean clustersContained) {
    this.store = store;
    this.outbox = outbox;
    this.marks = marks;
    this.clustersContained = clustersContained;
  }

  /** Takes what the document's content says. */
  void decided(String id, DocumentState state, Decision decision) {
    Decision before = state.getDecision();
    Copy published = published(state);
    boolean shown = state.getMarkedTwin() == null;
    state.setDecision(decision);
    publish(id, state, published, before == null || (shown && differs(before, decision)));
  }

  /**
   * Whether consumers would see a difference, the twin left out. The keys alone make none: which of
   * them brought two texts together can hang on which came first.
   */
  private static boolean differs(Decision before, Decision after) {
    return before.getVerdict() != after.getVerdict()
        || !Objects.equals(before.getProbability(), after.getProbability())
        || !Objects.equals(before.getJaccard(), after.getJaccard())
        || !Objects.equals(before.getContainment(), after.getContainment())
        || !Objects.equals(before.getCosine(), after.getCosine());
  }

  /** The twin that was last published of this version. */
  private static Copy published(DocumentState state) {
    Decision decision = state.getDecision();
    return state.getMarkedTwin() != null || decision == null
        ? state.getMarkedTwin()
        : decision.getTwin();
  }

  /** After a change of what users said. */
  void reconsider(String id, DocumentState state) {
    if (state.getDecision() != null) {
      publish(id, state, published(state), false);
    }
  }

  private void publish(String id, DocumentState state, Copy published, boolean changed) {
    Copy marked = marks.twin(id, state);
    Decision decision = state.getDecision();
    Copy twin = marked != null ? marked : decision.getTwin();
    boolean wasMarked = state.getMarkedTwin() != null;
    if (changed || wasMarked != (marked != null) || !Objects.equals(twin, published)) {
      Verdict verdict =
          marked != null
              ? Verdicts.marked(id, state.getEventTime(), marked)
              : Verdicts.of(id, state.getEventTime(), decision);
      state.setRevision(state.getRevision() + 1);
      state.setMarkedTwin(marked);
      verdict.setVersion(state.getVersion());
      verdict.setRevision(state.getRevision());
      verdict.setEventTimeClamped(state.getEventTimeClamped());
      outbox.verdict(id, verdict);
      boolean joins =
          marked != null || clustersContained || decision.getVerdict() != VerdictKind.contained;
      tellClusters(id, state, joins ? twin : null);
    }
    if (state.getMemberRevision() == 0) {
      publishMember(id, state);
    }
    store.putDocument(id, state);
  }

  /** A document that never had a twin, and that is nobody's, is unknown to the clusters. */
  private void tellClusters(String id, DocumentState state, Copy twin) {
    String edge = twin == null ? null : twin.getId();
    if (edge == null && !state.getHasEdge() && state.getNode() == null) {
      return;
    }
    state.setHasEdge(edge != null);
    outbox.toClusters(
        new EdgeChange(
            state.getScope(),
            id,
            state.getEventTime(),
            store.nextVersion(),
            edge,
            twin == null ? null : twin.getEventTime(),
            true));
  }

  /** Takes the document out of the clusters of its scope. */
  void leaveClusters(String id, DocumentState state) {
    outbox.toClusters(
        new EdgeChange(
            state.getScope(), id, state.getEventTime(), store.nextVersion(), null, null, false));
    state.setHasEdge(false);
  }

  /**
   * Takes the cluster that the document is put into.
   *
   * @param state null where the document is not there
   */
  void assigned(String id, DocumentState state, NodeAssigned assigned) {
    if (state == null || !Objects.equals(assigned.getScope(), state.getScope())) {
      store.putAssignment(assigned.getScope(), id, assigned.getNode() == null ? null : assigned);
      return;
    }
    state.setNode(assigned.getNode());
    if (state.getMemberRevision() > 0) {
      publishMember(id, state);
    }
    store.putDocument(id, state);
  }

  /**
   * Gives a document that enters a scope the cluster that it was assigned before: others may have
   * named it there while it was away, and the clusters say a thing once.
   */
  void enterScope(String id, DocumentState state) {
    NodeAssigned before = store.assignment(state.getScope(), id);
    String node = null;
    if (before != null) {
      store.putAssignment(state.getScope(), id, null);
      node = before.getNode();
    }
    boolean changed = !Objects.equals(node, state.getNode());
    state.setNode(node);
    if (changed && state.getMemberRevision() > 0) {
      publishMember(id, state);
    }
  }

  private void publishMember(String id, DocumentState state) {
    state.setMemberRevision(state.getMemberRevision() + 1);
    outbox.clusterMember(id, new ClusterMember(id, state.getNode(), state.getMemberRevision()));
  }
}

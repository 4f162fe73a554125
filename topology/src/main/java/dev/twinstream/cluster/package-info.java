/**
 * Clusters of near-duplicates: the connected components of a scope's documents, of which each
 * points to at most one earlier document, its twin. {@link dev.twinstream.cluster.ClusterEngine}
 * and what it uses hold the logic and know no Kafka; the processor moves data between it and Kafka
 * Streams; {@link dev.twinstream.cluster.ClusterTopology} wires the nodes.
 *
 * <h2>What counts</h2>
 *
 * <p>Documents that an edge names, or that have one, are vertices. A twin says nothing of itself
 * while it has no edge, so the edge makes it a member. An edge whose twin is gone does not connect,
 * until the twin itself says that it is present, or any later edge change names it: the word of one
 * document revives the edges of all. A document may speak of a twin that is not known yet. Messages
 * of one document come in order, those of different documents in any.
 *
 * <p>The sender keeps to this: a document that has sent an edge change sends another when its twin,
 * its scope or its event time changes, or it goes; each names a twin that comes before it, as the
 * sender knows the two event times. So every cluster's earliest member is the one that points to
 * none, and event times need not be kept here. When event times change there may be circles for a
 * moment. A cluster that is a circle, or holds one, may be too large, or unsettled, until an edge
 * of the circle changes, and is right from then on.
 *
 * <h2>How</h2>
 *
 * <p>Nodes make a union-find forest, whose roots are the clusters. A vertex is told the node that
 * it joins. A merge makes one root a redirect to the other. A cluster is connected if and only if
 * it has one head, a vertex without a connecting edge; so counting heads tells which clusters fell
 * apart, and when they have healed, without a search.
 *
 * <p>A cluster of several heads is unsettled, which is published once. It is given time, as members
 * may choose other twins: when the centre of a great star is deleted and the others gather around
 * the next, no member need be told anything. Then its trees are compared two by two, walked side by
 * side; the smaller moves to a cluster with an id of its own, and the cost follows the smaller, not
 * the cluster. The last, the largest, keeps the id, in its next generation. A document that goes
 * stays as a ghost, no member but a vertex, until no edge connects to it; those that still do are
 * then cut, a bounded number a step. A tree that chooses a twin in another cluster waits until it
 * is alone in its own.
 *
 * <p>Ids hold the partition, a mark of the state, as a rebuild begins to count anew, and a number
 * that is never given twice. All numbers come from one counter in the store, so a replay of the
 * same input gives the same output, but for that mark.
 */
package dev.twinstream.cluster;

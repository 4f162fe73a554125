package dev.twinstream.cluster;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.NodeAssigned;

/** Where the engine puts what it has to say. */
public interface ClusterOutbox {
  /** Tells a document which node it is in. */
  void assigned(NodeAssigned assigned);

  /** Publishes a cluster, or a tombstone where it is null. */
  void cluster(String id, Cluster clusterOrNull);

  /** Asks for a call of {@link ClusterEngine#step}, after the edge changes that wait already. */
  void stepLater();
}

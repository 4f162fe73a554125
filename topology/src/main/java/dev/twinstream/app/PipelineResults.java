package dev.twinstream.app;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The last results of each document, on disk; a tombstone (null) takes one away. */
final class PipelineResults implements AutoCloseable {
  private final ResultStore<Verdict> verdicts;
  private final ResultStore<ClusterMember> members;
  private final ResultStore<Cluster> clusters;
  private final List<String> notGrown = new ArrayList<>();

  PipelineResults(Path folder) throws IOException {
    verdicts = new ResultStore<>(folder.resolve("verdicts"), new BinaryAvroSerde<>(Verdict.class));
    members =
        new ResultStore<>(folder.resolve("members"), new BinaryAvroSerde<>(ClusterMember.class));
    clusters = new ResultStore<>(folder.resolve("clusters"), new BinaryAvroSerde<>(Cluster.class));
  }

  /** A lower revision than the last one would be the topology's fault, and is remembered. */
  void putVerdict(String id, Verdict verdict) throws IOException {
    Verdict before = verdict == null ? null : verdicts.get(id);
    if (before != null && before.getRevision() >= verdict.getRevision()) {
      notGrown.add(id);
    }
    verdicts.put(id, verdict);
  }

  void putMember(String id, ClusterMember member) throws IOException {
    members.put(id, member);
  }

  void putCluster(String id, Cluster cluster) throws IOException {
    clusters.put(id, cluster);
  }

  /** Ids whose verdicts came with a revision not above the one before; none, if all is well. */
  List<String> revisionsThatDidNotGrow() {
    return List.copyOf(notGrown);
  }

  /** The document's verdict, once; null where it has none, or it was taken. */
  Verdict takeVerdict(String id) throws IOException {
    Verdict verdict = verdicts.get(id);
    verdicts.put(id, null);
    return verdict;
  }

  /**
   * The earliest member of the document's cluster: itself where it is alone; null where there is no
   * such document.
   */
  String cluster(String id) throws IOException {
    ClusterMember member = members.get(id);
    if (member == null || member.getCluster() == null) {
      return member == null ? null : id;
    }
    Cluster cluster = clusters.get(member.getCluster());
    while (cluster.getRedirect() != null) {
      cluster = clusters.get(cluster.getRedirect());
    }
    if (!cluster.getSettled()) {
      throw new IllegalStateException("all is done, but a cluster is not settled: " + cluster);
    }
    return cluster.getCanonical();
  }

  @Override
  public void close() {
    verdicts.close();
    members.close();
    clusters.close();
  }
}

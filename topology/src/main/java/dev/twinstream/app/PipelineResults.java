package dev.twinstream.app;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/** The last results of each document, on disk; a tombstone (null) takes one away. */
final class PipelineResults implements AutoCloseable {
  private final ResultStore<Verdict> verdicts;
  private final ResultStore<ClusterMember> members;
  private final ResultStore<Cluster> clusters;

  /** Revisions of the verdicts that were taken. */
  private final ResultStore<Long> taken;

  private final List<String> notGrown = new ArrayList<>();

  PipelineResults(Path folder) throws IOException {
    verdicts = new ResultStore<>(folder.resolve("verdicts"), new BinaryAvroSerde<>(Verdict.class));
    members =
        new ResultStore<>(folder.resolve("members"), new BinaryAvroSerde<>(ClusterMember.class));
    clusters = new ResultStore<>(folder.resolve("clusters"), new BinaryAvroSerde<>(Cluster.class));
    taken = new ResultStore<>(folder.resolve("taken"), Serdes.Long());
  }

  /** A lower revision than the last one would be the topology's fault, and is remembered. */
  void putVerdict(String id, Verdict verdict) throws IOException {
    if (verdict == null) {
      taken.put(id, null);
    } else {
      Verdict kept = verdicts.get(id);
      Long before = kept == null ? taken.get(id) : Long.valueOf(kept.getRevision());
      if (before != null && before >= verdict.getRevision()) {
        notGrown.add("verdict of " + id);
      }
    }
    verdicts.put(id, verdict);
  }

  void putMember(String id, ClusterMember member) throws IOException {
    ClusterMember before = member == null ? null : members.get(id);
    if (before != null && before.getRevision() >= member.getRevision()) {
      notGrown.add("member " + id);
    }
    members.put(id, member);
  }

  void putCluster(String id, Cluster cluster) throws IOException {
    Cluster before = cluster == null ? null : clusters.get(id);
    if (before != null && before.getRevision() >= cluster.getRevision()) {
      notGrown.add("cluster " + id);
    }
    clusters.put(id, cluster);
  }

  /** What came with a revision not above the one before; nothing, if all is well. */
  List<String> revisionsThatDidNotGrow() {
    return List.copyOf(notGrown);
  }

  /** The document's verdict, once; null where it has none, or it was taken. */
  Verdict takeVerdict(String id) throws IOException {
    Verdict verdict = verdicts.get(id);
    if (verdict != null) {
      taken.put(id, verdict.getRevision());
      verdicts.put(id, null);
    }
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
    return root(member.getCluster()).getCanonical();
  }

  /** Members of the document's cluster, as it was published; 1 where the document is alone. */
  long clusterSize(String id) throws IOException {
    String cluster = members.get(id).getCluster();
    return cluster == null ? 1 : root(cluster).getSize();
  }

  private Cluster root(String id) throws IOException {
    Cluster cluster = clusters.get(id);
    while (cluster.getRedirect() != null) {
      cluster = clusters.get(cluster.getRedirect());
    }
    if (!cluster.getSettled()) {
      throw new IllegalStateException("all is done, but a cluster is not settled: " + cluster);
    }
    return cluster;
  }

  @Override
  public void close() {
    verdicts.close();
    members.close();
    clusters.close();
    taken.close();
  }
}

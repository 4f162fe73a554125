package dev.twinstream.app;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.serde.BinaryAvroSerde;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The last results of each document, on disk; of those that have expired as well. */
final class PipelineResults implements AutoCloseable {
  private final ResultStore<Verdict> verdicts;
  private final ResultStore<ClusterMember> members;
  private final ResultStore<Cluster> clusters;

  /** Last results that a tombstone followed. */
  private final ResultStore<Verdict> expired;

  private final ResultStore<ClusterMember> expiredMembers;
  private final List<String> notGrown = new ArrayList<>();

  /** Ids whose last row was a delete. */
  private final Set<String> deleted = new HashSet<>();

  PipelineResults(Path folder) throws IOException {
    verdicts = new ResultStore<>(folder.resolve("verdicts"), new BinaryAvroSerde<>(Verdict.class));
    members =
        new ResultStore<>(folder.resolve("members"), new BinaryAvroSerde<>(ClusterMember.class));
    clusters = new ResultStore<>(folder.resolve("clusters"), new BinaryAvroSerde<>(Cluster.class));
    expired = new ResultStore<>(folder.resolve("expired"), new BinaryAvroSerde<>(Verdict.class));
    expiredMembers =
        new ResultStore<>(
            folder.resolve("expired-members"), new BinaryAvroSerde<>(ClusterMember.class));
  }

  /** Notes whether a document that is sent is there or is deleted. */
  void sent(Document document) {
    if (document.getDeleted()) {
      deleted.add(document.getId());
    } else {
      deleted.remove(document.getId());
    }
  }

  /** A lower revision than the last one would be the topology's fault, and is remembered. */
  void verdict(String id, Verdict verdict) throws IOException {
    Verdict before = verdicts.get(id);
    if (verdict == null) {
      expired.put(id, before);
    } else if (before != null && before.getRevision() >= verdict.getRevision()) {
      notGrown.add(id);
    }
    verdicts.put(id, verdict);
  }

  void member(String id, ClusterMember member) throws IOException {
    if (member == null) {
      expiredMembers.put(id, members.get(id));
    }
    members.put(id, member);
  }

  void cluster(String id, Cluster clusterOrNull) throws IOException {
    if (clusterOrNull != null) { // one that ended is asked for once more, of the expired
      clusters.put(id, clusterOrNull);
    }
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

  /** The same, or of a document that has expired its last one. */
  Verdict takeLastVerdict(String id) throws IOException {
    Verdict verdict = takeVerdict(id);
    if (verdict == null && !deleted.contains(id)) {
      verdict = expired.get(id);
      expired.put(id, null);
    }
    return verdict;
  }

  /**
   * The earliest member of the document's cluster: itself where it is alone; null where there is no
   * such document.
   */
  String cluster(String id) throws IOException {
    return canonical(id, members.get(id));
  }

  /** The same, or of a document that has expired the one that it was in at last. */
  String lastCluster(String id) throws IOException {
    ClusterMember member = members.get(id);
    return canonical(id, member == null ? expiredMembers.get(id) : member);
  }

  private String canonical(String id, ClusterMember member) throws IOException {
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
    expired.close();
    expiredMembers.close();
  }
}

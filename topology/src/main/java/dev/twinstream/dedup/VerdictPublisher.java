package dev.twinstream.dedup;

import dev.twinstream.dedup.DocumentStore.Side;
import dev.twinstream.lsh.Similarity;
import dev.twinstream.schemas.ClusterMember;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.ClusterChange;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.TwinChosen;
import java.util.List;
import java.util.Objects;

/**
 * Decides a document's verdict and cluster from its links to earlier documents, and publishes what
 * changed. A document's cluster is that of its twin, else its own id: as a twin is always earlier,
 * following twins ends at the cluster's earliest member.
 */
final class VerdictPublisher {
  private record Choice(String id, Link link, double probability) {}

  private final DocumentStore store;
  private final Outbox outbox;
  private final TwinProbability probability;

  VerdictPublisher(DocumentStore store, Outbox outbox, TwinProbability probability) {
    this.store = store;
    this.outbox = outbox;
    this.probability = probability;
  }

  /**
   * Chooses the twin among all links, if all have answered, and publishes what changed; changes
   * {@code progress}, which the caller stores.
   */
  void evaluate(String id, Progress progress, Sketch sketch) {
    if (isComplete(progress)) {
      settle(id, progress, sketch, best(id));
    }
  }

  /**
   * The same when nothing but the link to {@code partner} is new or changed: a document with a
   * thousand links must not read them all for each.
   */
  void consider(String id, Progress progress, Sketch sketch, String partner) {
    if (!isComplete(progress)) {
      return;
    }
    String twin = progress.getTwin();
    Choice fresh = choice(partner, store.link(id, Side.EARLIER, partner));
    if (twin == null || twin.equals(partner)) {
      settle(id, progress, sketch, fresh);
    } else if (isBetter(fresh, choice(twin, store.link(id, Side.EARLIER, twin)))) {
      settle(id, progress, sketch, fresh);
    }
  }

  private static boolean isComplete(Progress progress) {
    return progress.getAwaiting().isEmpty() && progress.getVerifying().isEmpty();
  }

  private void settle(String id, Progress progress, Sketch sketch, Choice twin) {
    String twinId = twin == null ? null : twin.id();
    long twinVersion = twin == null ? 0 : twin.link().getVersion();
    boolean first = !progress.getPublished();
    if (first
        || !Objects.equals(twinId, progress.getTwin())
        || twinVersion != progress.getTwinVersion()) {
      if (!first && progress.getTwin() != null) {
        choose(id, progress, progress.getTwin(), false, "");
      }
      if (twin != null) {
        choose(id, progress, twinId, true, twin.link().getCluster());
      }
      progress.setPublished(true);
      progress.setRevision(progress.getRevision() + 1);
      progress.setTwin(twinId);
      progress.setTwinVersion(twinVersion);
      outbox.verdict(id, verdict(id, progress, sketch, twin));
    }
    String cluster = twin == null ? id : twin.link().getCluster();
    boolean moved = !cluster.equals(progress.getCluster());
    if (first || moved) {
      progress.setCluster(cluster);
      progress.setClusterRevision(progress.getClusterRevision() + 1);
      outbox.clusterMember(id, new ClusterMember(id, cluster, progress.getClusterRevision()));
    }
    if (moved) {
      ClusterChange change = new ClusterChange(id, progress.getVersion(), cluster);
      store.forEachLink(
          id,
          Side.LATER,
          (partner, link) -> {
            if (link.getChild()) {
              outbox.message(partner, change);
            }
          });
    }
  }

  private void choose(
      String id, Progress progress, String twin, boolean chosen, String clusterAsKnown) {
    outbox.message(twin, new TwinChosen(id, progress.getVersion(), chosen, clusterAsKnown));
  }

  /** Takes back what was published of a deleted document. */
  void withdraw(String id, Progress progress) {
    if (progress.getRevision() > 0) {
      outbox.verdict(id, null);
      outbox.clusterMember(id, null);
    }
    progress.setDeleted(true);
    progress.setPublished(false);
    progress.setAwaiting(List.of());
    progress.setVerifying(List.of());
    progress.setCandidates(List.of());
    progress.setTwin(null);
    progress.setCluster(id);
  }

  private Choice choice(String partner, Link link) {
    return new Choice(partner, link, link.getExact() ? 1 : probability.of(link.getMatches()));
  }

  private Choice best(String id) {
    Choice[] best = {null};
    store.forEachLink(
        id,
        Side.EARLIER,
        (partner, link) -> {
          Choice twin = choice(partner, link);
          if (best[0] == null || isBetter(twin, best[0])) {
            best[0] = twin;
          }
        });
    return best[0];
  }

  private static boolean isBetter(Choice a, Choice b) {
    if (a.link().getExact() != b.link().getExact()) {
      return a.link().getExact();
    }
    int byProbability = Double.compare(a.probability(), b.probability());
    if (byProbability != 0) {
      return byProbability > 0;
    }
    return DocumentOrder.compare(a.link().getEventTime(), a.id(), b.link().getEventTime(), b.id())
        < 0;
  }

  private Verdict verdict(String id, Progress progress, Sketch sketch, Choice twin) {
    Verdict.Builder verdict =
        Verdict.newBuilder()
            .setId(id)
            .setVersion(progress.getVersion())
            .setRevision(progress.getRevision())
            .setEventTime(sketch.getEventTime())
            .setEventTimeClamped(sketch.getEventTimeClamped());
    if (twin == null) {
      return verdict.setVerdict(VerdictKind.unique).build();
    }
    Link link = twin.link();
    double jaccard = link.getExact() ? 1 : (double) link.getMatches() / probability.components();
    return verdict
        .setVerdict(link.getExact() ? VerdictKind.exact : VerdictKind.near)
        .setDuplicateOf(twin.id())
        .setProbability(twin.probability())
        .setJaccard(jaccard)
        .setCosine(link.getCosine())
        .setContainment(Similarity.containment(jaccard, sketch.getShingles(), link.getShingles()))
        .build();
  }
}

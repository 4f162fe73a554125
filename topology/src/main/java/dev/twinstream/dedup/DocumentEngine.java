package dev.twinstream.dedup;

import dev.twinstream.dedup.DocumentStore.Side;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.ClusterChange;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Posting;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.TwinChosen;
import dev.twinstream.schemas.internal.Unlink;
import dev.twinstream.schemas.internal.VerifyRequest;
import dev.twinstream.schemas.internal.VerifyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** One document partition: arrivals, retractions, and the talk between documents. */
public final class DocumentEngine {
  private final DocumentStore store;
  private final Outbox outbox;
  private final LexicalSketcher sketcher;
  private final DedupParameters parameters;
  private final TwinVerifier verifier;
  private final VerdictPublisher publisher;

  public DocumentEngine(
      DocumentStore store, Outbox outbox, LexicalSketcher sketcher, DedupParameters parameters) {
    this.store = store;
    this.outbox = outbox;
    this.sketcher = sketcher;
    this.parameters = parameters;
    TwinProbability probability =
        new TwinProbability(parameters.permutations(), parameters.threshold());
    this.verifier = new TwinVerifier(probability);
    this.publisher = new VerdictPublisher(store, outbox, probability);
  }

  /**
   * Takes a new version of a document, or its deletion.
   *
   * @param ingestionTime the record's timestamp, in milliseconds since 1970
   */
  public void arrive(Document document, long ingestionTime) {
    String id = document.getId();
    Progress progress = store.progress(id);
    if (document.getDeleted()) {
      if (progress != null && !progress.getDeleted()) {
        retract(id, progress);
        publisher.withdraw(id, progress);
        store.putProgress(id, progress);
      }
      return;
    }
    LexicalSketch lexical = sketcher.sketch(document.getText(), document.getScope());
    Sketch old = progress == null || progress.getDeleted() ? null : store.sketch(id);
    if (old != null && sameContent(old, document, lexical)) {
      return;
    }
    if (old != null) {
      retract(id, progress);
    }
    long version = progress == null ? 1 : progress.getVersion() + 1;
    Sketch sketch = sketch(document, ingestionTime, version, lexical);
    Progress next =
        new Progress(
            version,
            progress == null ? 0L : progress.getRevision(),
            progress == null ? 0L : progress.getClusterRevision(),
            false,
            false,
            new ArrayList<>(),
            0,
            progress == null ? null : progress.getTwin(),
            0L,
            id);
    sendKeys(id, sketch, false, next.getAwaiting());
    store.putSketch(id, sketch);
    publisher.evaluate(id, next, sketch);
    store.putProgress(id, next);
  }

  /** Takes a message of the kinds of {@link dev.twinstream.schemas.internal.DocumentMessage}. */
  public void receive(String id, Object payload) {
    Progress progress = store.progress(id);
    if (payload instanceof BucketAnswer answer) {
      if (isCurrent(progress, answer.getVersion())) {
        answered(id, progress, answer);
      }
    } else if (payload instanceof VerifyRequest request) {
      verify(id, progress, request);
    } else if (payload instanceof VerifyResult result) {
      if (isCurrent(progress, result.getAskerVersion())) {
        verified(id, progress, result);
      }
    } else if (payload instanceof Unlink unlink) {
      unlink(id, progress, unlink);
    } else if (payload instanceof ClusterChange change) {
      Link link = store.link(id, Side.EARLIER, change.getPartner());
      if (link != null && link.getVersion() == change.getPartnerVersion()) {
        link.setCluster(change.getCluster());
        store.putLink(id, Side.EARLIER, change.getPartner(), link);
        evaluate(id, progress);
      }
    } else if (payload instanceof TwinChosen choice) {
      chosen(id, progress, choice);
    } else {
      throw new IllegalArgumentException("unknown message to document " + id + ": " + payload);
    }
  }

  private static boolean isCurrent(Progress progress, long version) {
    return progress != null && !progress.getDeleted() && progress.getVersion() == version;
  }

  /** The same record delivered twice changes nothing, so that a producer may safely retry. */
  private static boolean sameContent(Sketch old, Document document, LexicalSketch lexical) {
    return old.getTextHash1() == lexical.textHash1()
        && old.getTextHash2() == lexical.textHash2()
        && Objects.equals(old.getScope(), document.getScope())
        && Objects.equals(old.getPublishedAt(), document.getPublishedAt());
  }

  private Sketch sketch(
      Document document, long ingestionTime, long version, LexicalSketch lexical) {
    long wanted = document.getPublishedAt() == null ? ingestionTime : document.getPublishedAt();
    long latest = ingestionTime + parameters.maxFutureMillis();
    List<Long> keys = new ArrayList<>(lexical.keys().length);
    for (long key : lexical.keys()) {
      keys.add(key);
    }
    return new Sketch(
        version,
        Math.min(wanted, latest),
        wanted > latest,
        document.getPublishedAt(),
        document.getScope(),
        TwinVerifier.pack(lexical.signature()),
        lexical.shingles(),
        lexical.textHash1(),
        lexical.textHash2(),
        keys);
  }

  /** One message a bucket partition; the partitions are added to {@code asked}. */
  private void sendKeys(String id, Sketch sketch, boolean retract, List<Integer> asked) {
    TreeMap<Integer, List<Long>> byPartition = new TreeMap<>();
    for (long key : sketch.getKeys()) {
      // Keys are hashes already: their upper half is as good as another hash.
      int partition = Math.floorMod((int) (key >>> 32), parameters.partitions());
      byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(key);
    }
    byPartition.forEach(
        (partition, keys) -> {
          asked.add(partition);
          outbox.bucketRequest(
              new BucketRequest(
                  id, sketch.getVersion(), sketch.getEventTime(), partition, retract, keys));
        });
  }

  /** Takes back the current version: its postings, and its links on both sides. */
  private void retract(String id, Progress progress) {
    sendKeys(id, store.sketch(id), true, new ArrayList<>());
    Unlink unlink = new Unlink(id, progress.getVersion());
    for (Side side : Side.values()) {
      List<String> partners = new ArrayList<>();
      store.forEachLink(id, side, (partner, link) -> partners.add(partner));
      for (String partner : partners) {
        store.putLink(id, side, partner, null);
        outbox.message(partner, unlink);
      }
    }
    store.putSketch(id, null);
  }

  private void answered(String id, Progress progress, BucketAnswer answer) {
    List<Integer> awaiting = new ArrayList<>(progress.getAwaiting());
    if (!awaiting.remove((Integer) answer.getPartition())) {
      return;
    }
    progress.setAwaiting(awaiting);
    Sketch sketch = store.sketch(id);
    for (Posting candidate : answer.getCandidates()) {
      ask(id, progress, sketch, candidate);
    }
    publisher.evaluate(id, progress, sketch);
    store.putProgress(id, progress);
  }

  private void ask(String id, Progress progress, Sketch sketch, Posting candidate) {
    for (Side side : Side.values()) {
      Link known = store.link(id, side, candidate.getId());
      if (known != null && known.getVersion() >= candidate.getVersion()) {
        return;
      }
    }
    if (store.link(id, Side.PENDING, candidate.getId()) == null) {
      progress.setPending(progress.getPending() + 1);
    }
    Link pending =
        new Link(
            candidate.getVersion(),
            candidate.getEventTime(),
            false,
            0,
            0,
            candidate.getId(),
            false);
    store.putLink(id, Side.PENDING, candidate.getId(), pending);
    outbox.message(
        candidate.getId(),
        new VerifyRequest(
            id,
            sketch.getVersion(),
            candidate.getVersion(),
            sketch.getEventTime(),
            sketch.getSignature(),
            sketch.getShingles(),
            sketch.getTextHash1(),
            sketch.getTextHash2(),
            progress.getCluster()));
  }

  private void verify(String id, Progress progress, VerifyRequest request) {
    Link mine = null;
    if (isCurrent(progress, request.getCandidateVersion())) {
      Sketch sketch = store.sketch(id);
      Link theirs = verifier.compare(sketch, request);
      if (theirs != null) {
        Side side = sideOf(request.getAsker(), request.getEventTime(), id, sketch);
        store.putLink(id, side, request.getAsker(), theirs);
        mine =
            new Link(
                sketch.getVersion(),
                sketch.getEventTime(),
                theirs.getExact(),
                theirs.getMatches(),
                sketch.getShingles(),
                progress.getCluster(),
                false);
      }
    }
    outbox.message(
        request.getAsker(),
        new VerifyResult(id, request.getCandidateVersion(), request.getAskerVersion(), mine));
    // After the answer: what evaluation tells the asker presupposes its link to this document.
    if (mine != null && store.link(id, Side.EARLIER, request.getAsker()) != null) {
      evaluate(id, progress);
    }
  }

  private void chosen(String id, Progress progress, TwinChosen choice) {
    Link link = store.link(id, Side.LATER, choice.getPartner());
    if (link == null || link.getVersion() != choice.getPartnerVersion()) {
      return;
    }
    link.setChild(choice.getChosen());
    store.putLink(id, Side.LATER, choice.getPartner(), link);
    if (choice.getChosen() && !choice.getCluster().equals(progress.getCluster())) {
      outbox.message(
          choice.getPartner(), new ClusterChange(id, progress.getVersion(), progress.getCluster()));
    }
  }

  private static Side sideOf(String partner, long partnerTime, String id, Sketch sketch) {
    boolean before = DocumentOrder.compare(partnerTime, partner, sketch.getEventTime(), id) < 0;
    return before ? Side.EARLIER : Side.LATER;
  }

  private void verified(String id, Progress progress, VerifyResult result) {
    Link pending = store.link(id, Side.PENDING, result.getCandidate());
    if (pending == null || pending.getVersion() != result.getCandidateVersion()) {
      return;
    }
    store.putLink(id, Side.PENDING, result.getCandidate(), null);
    progress.setPending(progress.getPending() - 1);
    Sketch sketch = store.sketch(id);
    Link twin = result.getTwin();
    if (twin != null) {
      Side side = sideOf(result.getCandidate(), twin.getEventTime(), id, sketch);
      store.putLink(id, side, result.getCandidate(), twin);
    }
    publisher.evaluate(id, progress, sketch);
    store.putProgress(id, progress);
  }

  private void unlink(String id, Progress progress, Unlink unlink) {
    String partner = unlink.getPartner();
    boolean changed = false;
    for (Side side : Side.values()) {
      Link link = store.link(id, side, partner);
      if (link != null && link.getVersion() <= unlink.getPartnerVersion()) {
        store.putLink(id, side, partner, null);
        changed |= side != Side.LATER;
        if (side == Side.PENDING) {
          progress.setPending(progress.getPending() - 1);
        }
      }
    }
    if (changed) {
      evaluate(id, progress);
    }
  }

  private void evaluate(String id, Progress progress) {
    publisher.evaluate(id, progress, store.sketch(id));
    store.putProgress(id, progress);
  }
}

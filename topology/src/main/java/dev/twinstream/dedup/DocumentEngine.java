package dev.twinstream.dedup;

import dev.twinstream.dedup.DocumentStore.Side;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.ClusterChange;
import dev.twinstream.schemas.internal.ExpiryDue;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Posting;
import dev.twinstream.schemas.internal.Progress;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.Twin;
import dev.twinstream.schemas.internal.TwinChosen;
import dev.twinstream.schemas.internal.Unlink;
import dev.twinstream.schemas.internal.VerifyRequest;
import dev.twinstream.schemas.internal.VerifyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One document partition: arrivals, retractions, and the talk between documents. */
public final class DocumentEngine {
  private final DocumentStore store;
  private final Outbox outbox;
  private final LexicalSketcher sketcher;
  private final DedupParameters parameters;
  private final TwinVerifier verifier;
  private final VerdictPublisher publisher;
  private final Expiry expiry;

  public DocumentEngine(
      DocumentStore store, Outbox outbox, LexicalSketcher sketcher, DedupParameters parameters) {
    this.store = store;
    this.outbox = outbox;
    this.sketcher = sketcher;
    this.parameters = parameters;
    TwinProbability probability =
        new TwinProbability(parameters.permutations(), parameters.threshold());
    this.verifier = new TwinVerifier(probability);
    this.expiry = new Expiry(store, parameters.retentionMillis());
    this.publisher = new VerdictPublisher(store, outbox, probability);
  }

  /**
   * Takes a new version of a document, or its deletion.
   *
   * @param arrival the document, its ingestion time in milliseconds since 1970, and its encoding
   */
  public void arrive(Arrival arrival) {
    Document document = arrival.getDocument();
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
    Sketch sketch = sketch(arrival, version, lexical);
    Progress next =
        new Progress(
            version,
            progress == null ? 0L : progress.getRevision(),
            progress == null ? 0L : progress.getClusterRevision(),
            false,
            false,
            new ArrayList<>(),
            List.of(),
            List.of(),
            progress == null ? null : progress.getTwin(),
            0L,
            id);
    sendKeys(id, sketch, false, next.getAwaiting());
    store.putSketch(id, sketch);
    publisher.evaluate(id, next, sketch);
    store.putProgress(id, next);
    expiry.arrived(id, sketch.getEventTime());
    expire();
  }

  /**
   * Takes back documents that are due. One that has no verdict yet gets it first, and goes then:
   * every document has one.
   */
  private void expire() {
    int taken = 0;
    for (String id : expiry.due()) {
      if (taken == Expiry.STEP) {
        outbox.message(id, new ExpiryDue());
        return;
      }
      Progress progress = store.progress(id);
      if (progress.getPublished()) {
        retract(id, progress);
        publisher.withdraw(id, progress);
        store.putProgress(id, progress);
        taken++;
      }
    }
  }

  /** Takes a message of the kinds of {@link dev.twinstream.schemas.internal.DocumentMessage}. */
  public void receive(String id, Object payload) {
    Progress progress = store.progress(id);
    if (payload instanceof BucketAnswer answer) {
      if (isCurrent(progress, answer.getVersion())) {
        answered(id, progress, answer);
      }
    } else if (payload instanceof VerifyRequest request) {
      verify(request);
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
        if (change.getPartner().equals(progress.getTwin())) {
          consider(id, progress, change.getPartner());
        }
      }
    } else if (payload instanceof ExpiryDue) {
      expire();
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

  private Sketch sketch(Arrival arrival, long version, LexicalSketch lexical) {
    Document document = arrival.getDocument();
    EventTime time = EventTime.of(arrival, parameters.maxFutureMillis());
    List<Long> keys = new ArrayList<>(lexical.keys().length);
    for (long key : lexical.keys()) {
      keys.add(key);
    }
    return new Sketch(
        version,
        time.millis(),
        time.clamped(),
        document.getPublishedAt(),
        document.getScope(),
        TwinVerifier.pack(lexical.signature()),
        lexical.shingles(),
        lexical.textHash1(),
        lexical.textHash2(),
        keys,
        arrival.getEncoding());
  }

  /** One message a bucket partition; the partitions are added to {@code asked}. */
  private void sendKeys(String id, Sketch sketch, boolean retract, List<Integer> asked) {
    TreeMap<Integer, List<Long>> byPartition = new TreeMap<>();
    for (long key : sketch.getKeys()) {
      int partition = Partitioning.ofKey(key, parameters.partitions());
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
    Set<String> partners = new TreeSet<>();
    progress.getCandidates().forEach(candidate -> partners.add(candidate.getId()));
    for (Side side : Side.values()) {
      List<String> linked = new ArrayList<>();
      store.forEachLink(id, side, (partner, link) -> linked.add(partner));
      linked.forEach(partner -> store.putLink(id, side, partner, null));
      partners.addAll(linked);
    }
    Unlink unlink = new Unlink(id, progress.getVersion());
    partners.forEach(partner -> outbox.message(partner, unlink));
    expiry.left(id, store.sketch(id).getEventTime());
    store.putSketch(id, null);
  }

  private void answered(String id, Progress progress, BucketAnswer answer) {
    List<Integer> awaiting = new ArrayList<>(progress.getAwaiting());
    if (!awaiting.remove((Integer) answer.getPartition())) {
      return;
    }
    progress.setAwaiting(awaiting);
    Map<String, Posting> candidates = new TreeMap<>();
    progress.getCandidates().forEach(candidate -> candidates.put(candidate.getId(), candidate));
    for (Posting candidate : answer.getCandidates()) {
      candidates.merge(
          candidate.getId(), candidate, (a, b) -> a.getVersion() >= b.getVersion() ? a : b);
    }
    progress.setCandidates(new ArrayList<>(candidates.values()));
    Sketch sketch = store.sketch(id);
    if (awaiting.isEmpty()) {
      askCandidates(id, progress, sketch);
    }
    settle(id, progress, sketch);
  }

  /** One message, with the document's sketch, to each partition that has candidates. */
  private void askCandidates(String id, Progress progress, Sketch sketch) {
    TreeMap<Integer, List<Posting>> byPartition = new TreeMap<>();
    for (Posting candidate : progress.getCandidates()) {
      int partition = Partitioning.ofDocument(candidate.getId(), parameters.partitions());
      byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(candidate);
    }
    byPartition.forEach(
        (partition, candidates) ->
            outbox.verifyRequest(
                new VerifyRequest(
                    id,
                    sketch.getVersion(),
                    partition,
                    candidates,
                    sketch.getEventTime(),
                    sketch.getSignature(),
                    sketch.getShingles(),
                    sketch.getTextHash1(),
                    sketch.getTextHash2(),
                    progress.getCluster(),
                    sketch.getEncoding())));
    progress.setVerifying(new ArrayList<>(byPartition.keySet()));
  }

  private void verify(VerifyRequest request) {
    List<Twin> twins = new ArrayList<>();
    List<String> later = new ArrayList<>();
    for (Posting candidate : request.getCandidates()) {
      String id = candidate.getId();
      Progress progress = store.progress(id);
      if (!isCurrent(progress, candidate.getVersion())) {
        continue;
      }
      Sketch sketch = store.sketch(id);
      Link asker = verifier.compare(sketch, request);
      if (asker == null) {
        continue;
      }
      Side side = sideOf(request.getAsker(), request.getEventTime(), id, sketch);
      remember(id, side, request.getAsker(), asker);
      if (side == Side.EARLIER) {
        later.add(id);
      }
      Link mine =
          new Link(
              sketch.getVersion(),
              sketch.getEventTime(),
              asker.getExact(),
              asker.getMatches(),
              sketch.getShingles(),
              asker.getCosine(),
              progress.getCluster(),
              false);
      twins.add(new Twin(id, mine));
    }
    outbox.message(
        request.getAsker(),
        new VerifyResult(request.getAskerVersion(), request.getPartition(), twins));
    // After the result: what evaluation tells the asker presupposes its link to these documents.
    for (String id : later) {
      consider(id, store.progress(id), request.getAsker());
    }
  }

  /** Two documents may each ask the other: the second link must not forget a choice. */
  private void remember(String id, Side side, String partner, Link link) {
    Link known = store.link(id, side, partner);
    if (known != null && known.getVersion() == link.getVersion()) {
      link.setChild(known.getChild());
    }
    store.putLink(id, side, partner, link);
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
    List<Integer> verifying = new ArrayList<>(progress.getVerifying());
    if (!verifying.remove((Integer) result.getPartition())) {
      return;
    }
    progress.setVerifying(verifying);
    if (verifying.isEmpty()) {
      progress.setCandidates(List.of());
    }
    Sketch sketch = store.sketch(id);
    for (Twin twin : result.getTwins()) {
      Side side = sideOf(twin.getId(), twin.getLink().getEventTime(), id, sketch);
      remember(id, side, twin.getId(), twin.getLink());
    }
    settle(id, progress, sketch);
  }

  /** After an answer: perhaps it was the last. */
  private void settle(String id, Progress progress, Sketch sketch) {
    publisher.evaluate(id, progress, sketch);
    store.putProgress(id, progress);
    if (progress.getPublished()) {
      expire();
    }
  }

  private void unlink(String id, Progress progress, Unlink unlink) {
    String partner = unlink.getPartner();
    boolean changed = false;
    for (Side side : Side.values()) {
      Link link = store.link(id, side, partner);
      if (link != null && link.getVersion() <= unlink.getPartnerVersion()) {
        store.putLink(id, side, partner, null);
        changed |= side == Side.EARLIER && partner.equals(progress.getTwin());
      }
    }
    if (changed) {
      evaluate(id, progress);
    }
  }

  private void consider(String id, Progress progress, String partner) {
    publisher.consider(id, progress, store.sketch(id), partner);
    store.putProgress(id, progress);
  }

  private void evaluate(String id, Progress progress) {
    publisher.evaluate(id, progress, store.sketch(id));
    store.putProgress(id, progress);
  }
}

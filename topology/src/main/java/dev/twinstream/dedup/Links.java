package dev.twinstream.dedup;

import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.schemas.internal.Alikeness;
import dev.twinstream.schemas.internal.Compare;
import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.Offer;
import dev.twinstream.schemas.internal.SampleOverlap;
import dev.twinstream.schemas.internal.Sketch;
import dev.twinstream.schemas.internal.Sync;
import dev.twinstream.schemas.internal.Unlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What contents know of others that are alike. Both sides of a link hold the other's heads, and
 * what the other offers to their own; each tells the other when what it told last is no longer so.
 * That converges in whatever order contents come and change.
 */
final class Links {
  private final ContentStore store;
  private final ContentOutbox outbox;
  private final Copies copies;
  private final ContentKeys keys;
  private final TwinDecision decision;
  private final int components;
  private final SignatureCache signatures;

  Links(
      ContentStore store,
      ContentOutbox outbox,
      Copies copies,
      ContentKeys keys,
      TwinDecision decision,
      int components,
      SignatureCache signatures) {
    this.store = store;
    this.outbox = outbox;
    this.copies = copies;
    this.keys = keys;
    this.decision = decision;
    this.components = components;
    this.signatures = signatures;
  }

  /**
   * Compares a sketch with candidates of this partition, and remembers the asker at those alike.
   */
  List<Match> compare(Compare compare) {
    List<Match> matches = new ArrayList<>();
    if (compare.getAsker().getQuestion() == null) {
      noteHeads(compare.getHeads());
    }
    Sketch theirs = compare.getSketch();
    for (long candidate : PackedAddresses.unpack(compare.getCandidates())) {
      if (isKnownUnlike(candidate, theirs)) {
        continue;
      }
      Content content = store.content(candidate);
      if (content == null) {
        continue;
      }
      Sketch mine = content.getSketch();
      signatures.put(candidate, mine);
      int matching = BBitSignature.matches(mine.getSignature(), theirs.getSignature(), components);
      Evidence evidence =
          new Evidence(
              matching,
              components,
              mine.getShingles(),
              theirs.getShingles(),
              null,
              PartSketches.of(mine, theirs));
      if (mine.getScope() != theirs.getScope() || !decision.isLink(evidence)) {
        continue;
      }
      // Few candidates come so far, and what is a link does not hang on the cosine.
      Integer cosine = Verdicts.cosine(mine, theirs);
      List<Long> together = keys.shared(mine, theirs);
      SampleOverlap overlap = PartSketches.stored(evidence.overlapOrNull());
      List<Head> heads = copies.heads(candidate);
      List<Offer> offers = copies.offers(candidate, heads, compare.getHeads());
      matches.add(
          new Match(
              candidate,
              content.getGeneration(),
              new Alikeness(matching, mine.getShingles(), cosine, together, overlap),
              heads,
              offers));
      if (compare.getAsker().getQuestion() == null) {
        put(
            candidate,
            compare.getAsker().getAddress(),
            compare.getAsker().getGeneration(),
            new Alikeness(matching, theirs.getShingles(), cosine, together, overlap),
            compare.getHeads(),
            null,
            hash(heads, offers));
      }
    }
    return matches;
  }

  private boolean isKnownUnlike(long candidate, Sketch theirs) {
    int place = signatures.find(candidate);
    return place >= 0
        && (signatures.scope(place) != theirs.getScope()
            || !decision.isLink(signatures.evidence(place, theirs)));
  }

  private void put(
      long address,
      long partner,
      long generation,
      Alikeness evidence,
      List<Head> heads,
      List<Offer> offersOrNull,
      long sent) {
    Link known = store.link(address, partner);
    boolean same = known != null && known.getGeneration() == generation;
    List<Offer> before = same ? Offers.restored(known.getOffers(), known.getHeads()) : List.of();
    List<Offer> offers = Offers.stored(offersOrNull != null ? offersOrNull : before, heads);
    store.putLink(address, partner, new Link(generation, evidence, heads, offers, sent));
  }

  /** Remembers a match that a candidate's partition has reported, and tells it this side. */
  void matched(long address, Content content, Match match) {
    noteHeads(match.getHeads());
    Link known = store.link(address, match.getAddress());
    boolean same = known != null && known.getGeneration() == match.getGeneration();
    put(
        address,
        match.getAddress(),
        match.getGeneration(),
        match.getEvidence(),
        match.getHeads(),
        match.getOffers(),
        same ? known.getSent() : 0);
    tell(address, content, copies.heads(address), match.getAddress());
  }

  /** Takes what a partner says. Returns those heads for which that makes a difference. */
  List<Head> synced(long address, Content content, Sync sync) {
    Link link = store.link(address, sync.getAddress());
    if (link == null || link.getGeneration() != sync.getGeneration()) {
      return List.of();
    }
    noteHeads(sync.getHeads());
    Link next =
        new Link(
            link.getGeneration(),
            link.getEvidence(),
            sync.getHeads(),
            Offers.stored(sync.getOffers(), sync.getHeads()),
            link.getSent());
    store.putLink(address, sync.getAddress(), next);
    List<Head> heads = copies.heads(address);
    tell(address, content, heads, sync.getAddress());
    return heads.stream()
        .filter(
            head ->
                !Objects.equals(
                    HeadDecisions.offered(link, head), HeadDecisions.offered(next, head)))
        .toList();
  }

  /** Tells every partner what has changed for it. */
  void tellAll(long address, Content content) {
    List<Head> heads = copies.heads(address);
    store.forEachLink(address, (partner, link) -> tell(address, content, heads, partner));
  }

  private void tell(long address, Content content, List<Head> heads, long partner) {
    Link link = store.link(address, partner);
    List<Offer> offers = copies.offers(address, heads, link.getHeads());
    long hash = hash(heads, offers);
    if (hash != link.getSent()) {
      link.setSent(hash);
      store.putLink(address, partner, link);
      outbox.toContent(partner, new Sync(address, content.getGeneration(), heads, offers));
    }
  }

  private static long hash(List<Head> heads, List<Offer> offers) {
    long hash = 1;
    for (Head head : heads) {
      hash = combine(hash, head.getCopy());
      for (String excluded : head.getExcluded()) {
        hash = BucketKeys.combine(hash, BucketKeys.scope(excluded));
      }
    }
    for (Offer offer : offers) {
      hash = BucketKeys.combine(hash, offer.getHead());
      hash = combine(hash, offer.getCopy());
    }
    return hash == 0 ? 1 : hash;
  }

  private static long combine(long hash, Copy copyOrNull) {
    if (copyOrNull == null) {
      return BucketKeys.combine(hash, 0);
    }
    long next = BucketKeys.combine(hash, copyOrNull.getVersion());
    next = BucketKeys.combine(next, copyOrNull.getEventTime());
    return BucketKeys.combine(next, BucketKeys.scope(copyOrNull.getId()));
  }

  /** Whether a head of this content had an offer of the partner that is gone, or waited for one. */
  boolean unlink(long address, Unlink unlink) {
    Link link = store.link(address, unlink.getAddress());
    if (link == null || link.getGeneration() > unlink.getGeneration()) {
      return false;
    }
    store.putLink(address, unlink.getAddress(), null);
    return copies.heads(address).stream()
        .map(head -> HeadDecisions.offered(link, head))
        .anyMatch(offer -> offer == null || offer.isPresent());
  }

  /** Forgets all links, and adds the partners to those that have heard of the content. */
  void removeAll(long address, Set<Long> heard) {
    store.forEachLink(
        address,
        (partner, link) -> {
          heard.add(partner);
          store.putLink(address, partner, null);
        });
  }

  private void noteHeads(List<Head> heads) {
    for (Head head : heads) {
      boolean excluding = !head.getExcluded().isEmpty();
      long eventTime = head.getCopy().getEventTime();
      if (eventTime > store.latestPartner(excluding)) {
        store.putLatestPartner(excluding, eventTime);
      }
    }
  }
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Alikeness;
import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.Offer;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.Sketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What documents are: exact copies at once, heads by what the partners of their content offer. */
final class HeadDecisions {
  private record Found(Alikeness evidence, Copy copy) {}

  private final ContentStore store;
  private final ContentOutbox outbox;
  private final Copies copies;
  private final TwinDecision decision;
  private final int components;

  HeadDecisions(
      ContentStore store,
      ContentOutbox outbox,
      Copies copies,
      TwinDecision decision,
      int components) {
    this.store = store;
    this.outbox = outbox;
    this.copies = copies;
    this.decision = decision;
    this.components = components;
  }

  /**
   * What a partner offers to a head.
   *
   * @return null where it has not said yet, and may have something
   */
  static Optional<Copy> offered(Link link, Head head) {
    Copy asking = head.getCopy();
    long digest = Offers.digest(asking);
    for (Offer offer : link.getOffers()) {
      if (offer.getHead() == digest) {
        return Optional.ofNullable(Offers.copy(offer, link.getHeads()));
      }
    }
    return Offers.isBefore(head, link.getHeads()) ? Optional.empty() : null;
  }

  /**
   * Sends a document what it is.
   *
   * @param isOver whether the content's matches are all known; a head waits for that
   */
  void decide(long address, Content content, Copy copy, boolean isOver) {
    Copy twin = copies.twin(address, copy);
    if (twin != null) {
      outbox.toDocument(copy.getId(), exact(copy, content.getSketch(), twin));
    } else if (isOver) {
      decideHead(address, content, new Head(copy, store.excluded(address, copy)));
    }
  }

  /**
   * Sends a head what it is, if every partner has said what it offers.
   *
   * @return how many links were read for it
   */
  int decideHead(long address, Content content, Head head) {
    List<Found> found = new ArrayList<>();
    boolean[] waits = {false};
    int[] links = {0};
    store.forEachLink(
        address,
        (partner, link) -> {
          links[0]++;
          Optional<Copy> offer = offered(link, head);
          waits[0] |= offer == null;
          if (offer != null && offer.isPresent()) {
            found.add(new Found(link.getEvidence(), offer.get()));
          }
        });
    if (!waits[0]) {
      outbox.toDocument(head.getCopy().getId(), near(head.getCopy(), content.getSketch(), found));
    }
    return links[0];
  }

  private static Decision exact(Copy copy, Sketch sketch, Copy twin) {
    return new Decision(
        copy.getVersion(),
        VerdictKind.exact,
        twin,
        Verdicts.WHOLE,
        Verdicts.WHOLE,
        Verdicts.WHOLE,
        sketch.getEncoding() == null ? null : Verdicts.WHOLE,
        List.of());
  }

  private Decision near(Copy copy, Sketch sketch, List<Found> found) {
    List<Linked> linked = new ArrayList<>(found.size());
    for (Found each : found) {
      Alikeness alike = each.evidence();
      linked.add(
          new Linked(
              new Evidence(
                  alike.getMatches(),
                  components,
                  sketch.getShingles(),
                  alike.getShingles(),
                  Verdicts.share(alike.getCosine()),
                  PartSketches.read(alike.getOverlap())),
              each.copy().getEventTime(),
              each.copy().getId()));
    }
    Choice choice = decision.decide(linked);
    if (choice.chosen() == Choice.NONE) {
      return new Decision(
          copy.getVersion(), VerdictKind.unique, null, null, null, null, null, List.of());
    }
    Found chosen = found.get(choice.chosen());
    Alikeness alike = chosen.evidence();
    Evidence evidence = linked.get(choice.chosen()).evidence();
    return new Decision(
        copy.getVersion(),
        choice.kind() == Choice.Kind.NEAR ? VerdictKind.near : VerdictKind.contained,
        chosen.copy(),
        Verdicts.tenThousandths(choice.probability()),
        Verdicts.tenThousandths(evidence.jaccard()),
        Verdicts.tenThousandths(evidence.sharedOfShorter()),
        alike.getCosine(),
        alike.getKeys());
  }

  void answerExact(Question question, Copy twin) {
    answer(question, exact(question.getCopy(), question.getSketch(), twin));
  }

  /** Answers a question from what was found. */
  void answer(Question question, List<Match> matches) {
    List<Found> found = new ArrayList<>();
    for (Match match : matches) {
      for (Offer offer : match.getOffers()) {
        if (offer.getCopy() != null) {
          found.add(new Found(match.getEvidence(), offer.getCopy()));
        }
      }
    }
    answer(question, near(question.getCopy(), question.getSketch(), found));
  }

  private void answer(Question question, Decision answer) {
    Copy asked = question.getCopy();
    Verdict verdict = Verdicts.of(asked.getId(), asked.getEventTime(), answer);
    verdict.setVersion(asked.getVersion());
    verdict.setRevision(1);
    outbox.answer(asked.getId(), verdict);
  }
}

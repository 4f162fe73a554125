package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.CopyExcludes;
import dev.twinstream.schemas.internal.DocumentState;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.internal.MarkState;
import dev.twinstream.schemas.internal.PairMarked;
import dev.twinstream.schemas.internal.PartnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What users said of pairs. It is kept whether the documents are there or not, so that a replay, or
 * a document that comes again, finds it. Documents that are marked as twins tell each other that
 * they are there, and when they happened: the later one then has the earlier one for its twin.
 */
final class Marks {
  /** Documents that a document excludes at most: every message of its content repeats them. */
  static final int MOST_EXCLUDED = 1_000;

  private final DocumentStore store;
  private final DocumentOutbox outbox;
  private final long retentionMillis;

  Marks(DocumentStore store, DocumentOutbox outbox, long retentionMillis) {
    this.store = store;
    this.outbox = outbox;
    this.retentionMillis = retentionMillis;
  }

  static Copy copy(String id, DocumentState state) {
    return new Copy(id, state.getVersion(), state.getEventTime());
  }

  /** See {@link Addresses}. */
  static long text(DocumentState state) {
    return Addresses.text(state.getTextHash(), BucketKeys.scope(state.getScope()));
  }

  /** Ids that are no twins of the document's; at most {@link #MOST_EXCLUDED}, the first ones. */
  List<String> excluded(String id) {
    List<String> excluded = new ArrayList<>();
    store.forEachMark(
        id,
        (other, mark) -> {
          if (mark.getMark() == Mark.not_twins && excluded.size() < MOST_EXCLUDED) {
            excluded.add(other);
          }
        });
    return excluded;
  }

  /** Takes a user's word. */
  void marked(String id, DocumentState state, PairMarked marked) {
    MarkState before = store.mark(id, marked.getOther());
    // The same word once more must not make the partner unknown until it has answered.
    boolean repeated = before != null && before.getMark() == marked.getMark();
    MarkState after =
        marked.getMark() == null
            ? null
            : new MarkState(
                marked.getMark(),
                repeated ? before.getPartner() : null,
                repeated ? before.getScope() : null);
    store.putMark(id, marked.getOther(), after);
    boolean excludedBefore = before != null && before.getMark() == Mark.not_twins;
    boolean excludedAfter = after != null && after.getMark() == Mark.not_twins;
    if (state != null && state.getAddress() != null && excludedBefore != excludedAfter) {
      Copy copy = copy(id, state);
      outbox.toContent(state.getAddress(), new CopyExcludes(copy, excluded(id), text(state)));
    }
    if (after != null && after.getMark() == Mark.twins) {
      outbox.toDocument(marked.getOther(), partnerState(id, state, true));
    }
  }

  private static PartnerState partnerState(String id, DocumentState stateOrNull, boolean reply) {
    return stateOrNull == null
        ? new PartnerState(null, id, reply, null)
        : new PartnerState(copy(id, stateOrNull), id, reply, stateOrNull.getScope());
  }

  /** Tells the documents that are marked as this one's twins that it is there, or gone. */
  void tellPartners(String id, DocumentState stateOrNull, boolean reply) {
    store.forEachMark(
        id,
        (other, mark) -> {
          if (mark.getMark() == Mark.twins) {
            outbox.toDocument(other, partnerState(id, stateOrNull, reply));
          }
        });
  }

  /** Takes what a partner says of itself. */
  void partner(String id, DocumentState state, PartnerState partner) {
    MarkState mark = store.mark(id, partner.getId());
    if (mark == null || mark.getMark() != Mark.twins) {
      return; // its own mark is still under way, or taken back already
    }
    mark.setPartner(partner.getPartner());
    mark.setScope(partner.getScope());
    store.putMark(id, partner.getId(), mark);
    if (partner.getReply()) {
      outbox.toDocument(partner.getId(), partnerState(id, state, false));
    }
  }

  /**
   * The earliest document that a user marked as this one's twin, comes before it and is eligible.
   * Documents of different scopes never meet, whatever a user says.
   */
  Copy twin(String id, DocumentState state) {
    Copy own = copy(id, state);
    Copy[] found = {null};
    store.forEachMark(
        id,
        (other, mark) -> {
          Copy partner = mark.getPartner();
          if (partner != null
              && Objects.equals(mark.getScope(), state.getScope())
              && DocumentOrder.compare(partner, own) < 0
              && isEligible(partner, own)
              && (found[0] == null || DocumentOrder.compare(partner, found[0]) < 0)) {
            found[0] = partner;
          }
        });
    return found[0];
  }

  private boolean isEligible(Copy earlier, Copy later) {
    return earlier.getEventTime() <= later.getEventTime()
        && earlier.getEventTime() >= Copies.earliest(later.getEventTime(), retentionMillis);
  }
}

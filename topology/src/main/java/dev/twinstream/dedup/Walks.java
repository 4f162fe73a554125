package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.MoreConcerned;

/**
 * Decides copies anew whose twin of the same content may have changed. A text may have any number
 * of copies, a transaction has an end: so a walk over them takes steps, each a message to the
 * content itself, between which others have their turn.
 *
 * <p>One walk at a time goes over a content. What changes meanwhile owes one more, over all copies
 * and in smaller steps. So a text whose first copies come or go all the time, as they expire or as
 * an archive is read from its end, takes a bounded share of the work, and not the square of its
 * copies.
 */
final class Walks {
  /** Copies decided at once, with the change that concerns them. */
  static final int AT_ONCE = 20;

  /** Copies that a step decides. */
  static final int STEP = 1_000;

  /** The same of a walk that was owed. */
  static final int OWED_STEP = 250;

  private static final long NOTHING = Long.MIN_VALUE;

  private final ContentStore store;
  private final ContentOutbox outbox;
  private final Copies copies;
  private final Lookups lookups;
  private final HeadDecisions decisions;

  Walks(
      ContentStore store,
      ContentOutbox outbox,
      Copies copies,
      Lookups lookups,
      HeadDecisions decisions) {
    this.store = store;
    this.outbox = outbox;
    this.copies = copies;
    this.lookups = lookups;
    this.decisions = decisions;
  }

  /** Decides whom a change concerns; the copy came or went just now. */
  void begin(long address, Content content, Copy changed) {
    boolean over = lookups.isOver(address);
    Copies.Rest rest =
        copies.visitConcerned(
            address, changed, AT_ONCE, other -> decisions.decide(address, content, other, over));
    if (rest == null) {
      return;
    }
    Long owed = store.walk(address);
    if (owed == null) {
      store.putWalk(address, NOTHING);
      send(address, content, rest, false);
    } else {
      store.putWalk(address, Math.max(owed, rest.until()));
    }
  }

  /** Takes a step. */
  void goOn(long address, Content content, MoreConcerned more) {
    boolean over = lookups.isOver(address);
    Copies.Rest rest =
        copies.visit(
            address,
            new Copies.Rest(more.getAfter(), more.getUntil()),
            more.getAgain() ? OWED_STEP : STEP,
            other -> decisions.decide(address, content, other, over));
    if (rest != null) {
      send(address, content, rest, more.getAgain());
      return;
    }
    Long owed = store.walk(address);
    if (owed != null && owed != NOTHING) {
      store.putWalk(address, NOTHING);
      send(address, content, copies.all(address, owed), true);
    } else {
      end(address);
    }
  }

  /** Forgets the walk over a content; its next message is void. */
  void end(long address) {
    if (store.walk(address) != null) {
      store.putWalk(address, null);
    }
  }

  private void send(long address, Content content, Copies.Rest rest, boolean again) {
    long text = Addresses.text(content.getSketch());
    outbox.toContent(address, new MoreConcerned(rest.after(), rest.until(), text, again));
  }
}

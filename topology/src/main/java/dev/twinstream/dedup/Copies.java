package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The documents of each content, and which of them may be the other's twin: of two copies the later
 * may have the earlier one where their event times differ by at most the retention. A copy with no
 * eligible earlier one is a <i>head</i>: it alone looks for twins of other contents.
 */
final class Copies {
  /** Copies that one step decides anew. */
  static final int STEP = 1_000;

  /** A partition's share of the heap for heads: they are asked for with every message. */
  private static final long HEADS_BYTES = 1_000_000;

  /** What a head takes beside its id, about. */
  private static final int HEAD_BYTES = 200;

  private final ContentStore store;
  private final long retentionMillis;

  /** Of contents with one head that excludes nothing, as most are. */
  private final RecentlyUsed<Long, List<Head>> onlyHeads =
      new RecentlyUsed<>(
          HEADS_BYTES, heads -> HEAD_BYTES + 2L * heads.get(0).getCopy().getId().length());

  Copies(ContentStore store, long retentionMillis) {
    this.store = store;
    this.retentionMillis = retentionMillis;
  }

  /** The first copy of a content that is new. */
  void addFirst(long address, Copy copy, List<String> excluded) {
    store.putCopy(address, copy);
    store.putExcluded(address, copy, excluded);
    keepHeads(address, List.of(new Head(copy, excluded)));
  }

  void add(long address, Copy copy, List<String> excluded) {
    onlyHeads.remove(address);
    List<Copy> heads = plainHeads(address);
    Copy before = store.copyBefore(address, copy.getEventTime(), copy.getId());
    Copy after = store.copyAfter(address, copy.getEventTime(), copy.getId());
    store.putCopy(address, copy);
    store.putExcluded(address, copy, excluded);
    if (!isCovered(before, copy)) {
      heads.add(copy);
    }
    if (after != null && isCovered(copy, after)) {
      heads.removeIf(head -> head.getId().equals(after.getId()));
    }
    putHeads(address, heads);
  }

  void remove(long address, Copy copy) {
    onlyHeads.remove(address);
    List<Copy> heads = plainHeads(address);
    store.removeCopy(address, copy);
    store.putExcluded(address, copy, List.of());
    heads.removeIf(head -> head.getId().equals(copy.getId()));
    Copy before = store.copyBefore(address, copy.getEventTime(), copy.getId());
    Copy after = store.copyAfter(address, copy.getEventTime(), copy.getId());
    if (after != null
        && !isCovered(before, after)
        && heads.stream().noneMatch(head -> head.getId().equals(after.getId()))) {
      heads.add(after);
    }
    putHeads(address, heads);
  }

  /** Says anew which documents are no twins of a copy that is there. */
  void exclude(long address, Copy copy, List<String> excluded) {
    onlyHeads.remove(address);
    store.putExcluded(address, copy, excluded);
  }

  private boolean isCovered(Copy before, Copy copy) {
    return before != null && before.getEventTime() >= earliest(copy.getEventTime());
  }

  /** The earliest event time that a twin of a document of this one may have. */
  private long earliest(long eventTime) {
    long from = eventTime - retentionMillis;
    return from > eventTime ? Long.MIN_VALUE : from;
  }

  /** The latest event time of documents that one of this time may be a twin for. */
  long latest(long eventTime) {
    long to = eventTime + retentionMillis;
    return to < eventTime ? Long.MAX_VALUE : to;
  }

  /** The first copy is always a head; most contents have no other, and need no list. */
  private List<Copy> plainHeads(long address) {
    List<Copy> stored = store.heads(address);
    if (!stored.isEmpty()) {
      return new ArrayList<>(stored);
    }
    List<Copy> first = new ArrayList<>(1);
    store.visitCopies(
        address,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        copy -> {
          first.add(copy);
          return false;
        });
    return first;
  }

  private void putHeads(long address, List<Copy> heads) {
    heads.sort(DocumentOrder::compare);
    store.putHeads(address, heads.size() > 1 ? heads : null);
  }

  boolean isEmpty(long address) {
    return plainHeads(address).isEmpty();
  }

  /** Every head in order, those included whose eligible earlier copies are all excluded. */
  List<Head> heads(long address) {
    List<Head> known = onlyHeads.get(address);
    if (known != null) {
      return known;
    }
    List<Head> read = readHeads(address);
    keepHeads(address, read);
    return read;
  }

  private void keepHeads(long address, List<Head> heads) {
    if (heads.size() == 1 && heads.get(0).getExcluded().isEmpty()) {
      onlyHeads.put(address, heads);
    }
  }

  private List<Head> readHeads(long address) {
    List<Copy> heads = plainHeads(address);
    store.forEachExcluding(
        address,
        copy -> {
          boolean known = heads.stream().anyMatch(head -> head.getId().equals(copy.getId()));
          if (!known && twin(address, copy) == null) {
            heads.add(copy);
          }
        });
    heads.sort(DocumentOrder::compare);
    List<Head> all = new ArrayList<>(heads.size());
    heads.forEach(copy -> all.add(new Head(copy, store.excluded(address, copy))));
    return all;
  }

  /** The earliest copy of the same content that this one may take for its twin, or null. */
  Copy twin(long address, Copy copy) {
    return offer(address, new Head(copy, store.excluded(address, copy)));
  }

  /** The earliest copy that a head, of this content or another, may take for its twin, or null. */
  Copy offer(long address, Head head) {
    Copy asking = head.getCopy();
    Copy[] found = {null};
    store.visitCopies(
        address,
        earliest(asking.getEventTime()),
        asking.getEventTime(),
        copy -> {
          if (DocumentOrder.compare(copy, asking) >= 0) {
            return false;
          }
          // Its own old copy may still be on its way out.
          boolean allowed =
              !copy.getId().equals(asking.getId()) && !head.getExcluded().contains(copy.getId());
          found[0] = allowed ? copy : null;
          return !allowed;
        });
    return found[0];
  }

  /**
   * What the content offers to heads of another. To those before its own first head it has nothing,
   * which need not be said.
   *
   * @param own the content's heads
   */
  List<Offer> offers(long address, List<Head> own, List<Head> heads) {
    List<Offer> offers = new ArrayList<>(heads.size());
    for (Head head : heads) {
      if (!Offers.isBefore(head, own)) {
        offers.add(new Offer(Offers.digest(head.getCopy()), offer(address, head), 0));
      }
    }
    return offers;
  }

  /**
   * Whether a change of this copy, present or not, can change what other contents' heads take: the
   * earliest that is near enough, or, where that one is excluded, any before the head.
   */
  boolean concernsPartners(long address, Copy copy) {
    Copy before = store.copyBefore(address, copy.getEventTime(), copy.getId());
    return before == null
        || latest(before.getEventTime()) < store.latestPartner(false)
        || copy.getEventTime() <= store.latestPartner(true);
  }

  /** What is left of a walk: the copies behind one, up to an event time. */
  record Rest(Copy after, long until) {}

  /**
   * Visits the other copies whose twin of the same content may change when this one comes or goes,
   * the first ones of them: a text may have any number of copies, a transaction has an end.
   *
   * @return null where these were all
   */
  Rest visitConcerned(long address, Copy changed, Consumer<Copy> visitor) {
    Copy before = store.copyBefore(address, changed.getEventTime(), changed.getId());
    long until = latest(changed.getEventTime());
    long beyond = before == null ? Long.MIN_VALUE : latest(before.getEventTime());
    Rest rest = null;
    if (beyond < until) {
      long from = before == null ? changed.getEventTime() : beyond + 1;
      rest = visit(address, Math.max(changed.getEventTime(), from), changed, until, visitor);
    }
    List<Copy> excluding = new ArrayList<>();
    store.forEachExcluding(address, excluding::add);
    excluding.removeIf(copy -> DocumentOrder.compare(copy, changed) <= 0);
    excluding.forEach(visitor);
    return rest;
  }

  /** Goes on with a walk; returns what is left then. */
  Rest visitRest(long address, Rest rest, Consumer<Copy> visitor) {
    return visit(address, rest.after().getEventTime(), rest.after(), rest.until(), visitor);
  }

  private Rest visit(long address, long from, Copy after, long until, Consumer<Copy> visitor) {
    List<Copy> found = new ArrayList<>();
    boolean[] more = {false};
    store.visitCopies(
        address,
        from,
        until,
        copy -> {
          if (DocumentOrder.compare(copy, after) <= 0) {
            return true;
          }
          more[0] = found.size() == STEP;
          if (!more[0]) {
            found.add(copy);
          }
          return !more[0];
        });
    found.forEach(visitor);
    return more[0] ? new Rest(found.get(STEP - 1), until) : null;
  }
}

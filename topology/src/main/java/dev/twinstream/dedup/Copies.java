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
 *
 * <p>The first copy is always a head. Nothing before it is ever looked for: there may lie any
 * number of copies that have left, which a store on disk would pass over one by one.
 */
final class Copies {
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
    List<Copy> known = plainHeads(address);
    List<Copy> heads = new ArrayList<>(known);
    Copy after = store.copyAfter(address, copy.getEventTime(), copy.getId());
    if (!isCovered(before(address, known, copy), copy)) {
      heads.add(copy);
    }
    if (after != null && isCovered(copy, after)) {
      heads.removeIf(head -> head.getId().equals(after.getId()));
    }
    store.putCopy(address, copy);
    store.putExcluded(address, copy, excluded);
    putHeads(address, known, heads);
  }

  void remove(long address, Copy copy) {
    List<Copy> known = plainHeads(address);
    List<Copy> heads = new ArrayList<>(known);
    Copy before = before(address, known, copy);
    Copy after = store.copyAfter(address, copy.getEventTime(), copy.getId());
    heads.removeIf(head -> head.getId().equals(copy.getId()));
    if (after != null
        && !isCovered(before, after)
        && heads.stream().noneMatch(head -> head.getId().equals(after.getId()))) {
      heads.add(after);
    }
    store.removeCopy(address, copy);
    store.putExcluded(address, copy, List.of());
    putHeads(address, known, heads);
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
  static long earliest(long eventTime, long retentionMillis) {
    long from = eventTime - retentionMillis;
    return from > eventTime ? Long.MIN_VALUE : from;
  }

  private long earliest(long eventTime) {
    return earliest(eventTime, retentionMillis);
  }

  /** The latest event time of documents that one of this time may be a twin for. */
  long latest(long eventTime) {
    long to = eventTime + retentionMillis;
    return to < eventTime ? Long.MAX_VALUE : to;
  }

  /** In order. Most contents have no other than the first copy, and need no list. */
  private List<Copy> plainHeads(long address) {
    List<Head> known = onlyHeads.get(address);
    if (known != null) {
      return List.of(known.get(0).getCopy());
    }
    List<Copy> stored = store.heads(address);
    if (!stored.isEmpty()) {
      return stored;
    }
    List<Copy> first = new ArrayList<>(1);
    store.visitCopies(
        address,
        Long.MIN_VALUE,
        "",
        Long.MAX_VALUE,
        copy -> {
          first.add(copy);
          return false;
        });
    return first;
  }

  /** A list, once there is one, is kept until the content is gone: a first copy may have left. */
  private void putHeads(long address, List<Copy> known, List<Copy> heads) {
    heads.sort(DocumentOrder::compare);
    boolean same = heads.equals(known);
    if (!same || excludes(address)) {
      onlyHeads.remove(address);
    }
    if (!same) {
      boolean first = heads.size() == 1 && DocumentOrder.compare(heads.get(0), known.get(0)) < 0;
      boolean plain = heads.isEmpty() || first && store.heads(address).isEmpty();
      store.putHeads(address, plain ? null : heads);
    }
  }

  private boolean excludes(long address) {
    boolean[] any = {false};
    store.forEachExcluding(address, copy -> any[0] = true);
    return any[0];
  }

  /** The last copy before this one, present or not; null for none. */
  private Copy before(long address, List<Copy> heads, Copy copy) {
    return heads.isEmpty() || DocumentOrder.compare(copy, heads.get(0)) <= 0
        ? null
        : store.copyBefore(address, heads.get(0).getEventTime(), copy.getEventTime(), copy.getId());
  }

  /** Whether a content has no copy but this one. */
  boolean isOnly(long address, Copy copy) {
    List<Copy> heads = plainHeads(address);
    return heads.size() == 1
        && DocumentOrder.compare(heads.get(0), copy) == 0
        && store.copyAfter(address, copy.getEventTime(), copy.getId()) == null;
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
    List<Copy> plain = plainHeads(address);
    List<Copy> heads = new ArrayList<>(plain);
    store.forEachExcluding(
        address,
        copy -> {
          boolean known = heads.stream().anyMatch(head -> head.getId().equals(copy.getId()));
          if (!known && twin(address, plain, copy) == null) {
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
    return twin(address, plainHeads(address), copy);
  }

  private Copy twin(long address, List<Copy> heads, Copy copy) {
    Head asking = new Head(copy, store.excluded(address, copy));
    return heads.isEmpty() ? null : offer(address, heads.get(0), asking);
  }

  /** The earliest copy that a head of another content may take for its twin, or null. */
  Copy offer(long address, Head head) {
    List<Copy> heads = plainHeads(address);
    return heads.isEmpty() ? null : offer(address, heads.get(0), head);
  }

  private Copy offer(long address, Copy first, Head head) {
    Copy asking = head.getCopy();
    Copy[] found = {null};
    store.visitCopies(
        address,
        Math.max(earliest(asking.getEventTime()), first.getEventTime()),
        "",
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
        Copy offered = own.isEmpty() ? null : offer(address, own.get(0).getCopy(), head);
        offers.add(new Offer(Offers.digest(head.getCopy()), offered, 0));
      }
    }
    return offers;
  }

  /**
   * Whether a change of this copy, present or not, can change what other contents' heads take: the
   * earliest that is near enough, or, where that one is excluded, any before the head.
   */
  boolean concernsPartners(long address, Copy copy) {
    Copy before = before(address, plainHeads(address), copy);
    return before == null
        || latest(before.getEventTime()) < store.latestPartner(false)
        || copy.getEventTime() <= store.latestPartner(true);
  }

  /** What is left of a walk: the copies behind one, up to an event time. */
  record Rest(Copy after, long until) {}

  /**
   * Visits the other copies whose twin of the same content may change when this one comes or goes,
   * the first ones of them.
   *
   * @param most copies to visit, those that exclude others not counted
   * @return null where these were all
   */
  Rest visitConcerned(long address, Copy changed, int most, Consumer<Copy> visitor) {
    Copy before = before(address, plainHeads(address), changed);
    long until = latest(changed.getEventTime());
    long beyond = before == null ? Long.MIN_VALUE : latest(before.getEventTime());
    Rest rest = null;
    if (beyond < until) {
      boolean behind = before != null && beyond >= changed.getEventTime();
      Copy after = behind ? placeBefore(beyond + 1) : changed;
      rest = visit(address, new Rest(after, until), most, visitor);
    }
    List<Copy> excluding = new ArrayList<>();
    store.forEachExcluding(address, excluding::add);
    excluding.removeIf(copy -> DocumentOrder.compare(copy, changed) <= 0);
    excluding.forEach(visitor);
    return rest;
  }

  private static Copy placeBefore(long eventTime) {
    return new Copy("", 0L, eventTime);
  }

  /** All copies up to an event time; null where there are none. */
  Rest all(long address, long until) {
    List<Copy> heads = plainHeads(address);
    return heads.isEmpty() ? null : new Rest(placeBefore(heads.get(0).getEventTime()), until);
  }

  /**
   * Goes on with a walk, by so many copies at most; returns what is left then, null for nothing.
   */
  Rest visit(long address, Rest rest, int most, Consumer<Copy> visitor) {
    List<Copy> found = new ArrayList<>();
    boolean[] more = {false};
    store.visitCopies(
        address,
        rest.after().getEventTime(),
        rest.after().getId(),
        rest.until(),
        copy -> {
          if (DocumentOrder.compare(copy, rest.after()) <= 0) {
            return true;
          }
          more[0] = found.size() == most;
          if (!more[0]) {
            found.add(copy);
          }
          return !more[0];
        });
    found.forEach(visitor);
    return more[0] ? new Rest(found.get(most - 1), rest.until()) : null;
  }
}

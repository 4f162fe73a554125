package dev.twinstream.dedup;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Offer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one content offers to the heads of another. Ids are long: an offer names the head that it is
 * for by a hash, and where it is stored, a copy that is a head of the sender by its place there.
 */
final class Offers {
  private Offers() {}

  /** A head's name in offers: of 64 bits, among the few heads of one content. */
  static long digest(Copy head) {
    return BucketKeys.combine(BucketKeys.scope(head.getId()), head.getVersion());
  }

  /** Whether a head comes before all copies of a content. */
  static boolean isBefore(Head head, List<Head> heads) {
    return !heads.isEmpty() && DocumentOrder.compare(heads.get(0).getCopy(), head.getCopy()) > 0;
  }

  /**
   * The copy that is offered, or null for none.
   *
   * @param heads the sender's, as they are stored with the offer
   */
  static Copy copy(Offer offer, List<Head> heads) {
    return offer.getPlace() == 0 ? offer.getCopy() : heads.get(offer.getPlace() - 1).getCopy();
  }

  /** Offers as they are stored with the sender's heads. */
  static List<Offer> stored(List<Offer> offers, List<Head> heads) {
    List<Offer> stored = new ArrayList<>(offers.size());
    for (Offer offer : offers) {
      int place = place(offer.getCopy(), heads);
      stored.add(place == 0 ? offer : new Offer(offer.getHead(), null, place));
    }
    return stored;
  }

  private static int place(Copy copyOrNull, List<Head> heads) {
    for (int i = 0; i < heads.size(); i++) {
      if (heads.get(i).getCopy().equals(copyOrNull)) {
        return i + 1;
      }
    }
    return 0;
  }

  /** Offers as they were before they were stored. */
  static List<Offer> restored(List<Offer> stored, List<Head> heads) {
    return stored.stream().map(offer -> new Offer(offer.getHead(), copy(offer, heads), 0)).toList();
  }
}

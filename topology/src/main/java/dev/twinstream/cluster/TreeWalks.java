package dev.twinstream.cluster;

import dev.twinstream.schemas.internal.ClusterVertex;
import dev.twinstream.schemas.internal.Duel;
import dev.twinstream.schemas.internal.TreeWalk;

/**
 * Walks two trees side by side, an edge at a time, to find the smaller in time of its own size
 * (Even and Shiloach 1981 search both sides of a removed edge so). A walk passes each edge twice,
 * so the shorter walk is that of the smaller tree. It remembers only where it is: a vertex has one
 * edge of its own, so its way back and its next sibling follow from the store. Changes that come in
 * between make the comparison inexact, and nothing else.
 */
final class TreeWalks {
  private final WorkingSet set;

  TreeWalks(WorkingSet set) {
    this.set = set;
  }

  static Duel start(long first, long second) {
    return new Duel(new TreeWalk(first, first, true, 0L), new TreeWalk(second, second, true, 0L));
  }

  /**
   * Goes on by one edge. Of trees of one size, the second ends first.
   *
   * @return the head of the tree that has ended, or 0
   */
  long advance(Duel duel) {
    TreeWalk shorter =
        duel.getFirst().getLength() < duel.getSecond().getLength()
            ? duel.getFirst()
            : duel.getSecond();
    return advance(shorter) ? 0 : shorter.getHead();
  }

  private boolean advance(TreeWalk walk) {
    ClusterVertex at = set.vertex(walk.getAt());
    if (at == null) {
      return false;
    }
    if (walk.getEntering()) {
      Long child = at.getLinkedChildren() == 0 ? null : set.store.nextChild(walk.getAt(), true, 0);
      if (child == null) {
        walk.setEntering(false);
      } else {
        walk.setAt(child);
        walk.setLength(walk.getLength() + 1);
      }
      return true;
    }
    if (walk.getAt() == walk.getHead() || !at.getLinked()) {
      return false;
    }
    Long sibling = set.store.nextChild(at.getTwin(), true, walk.getAt());
    walk.setEntering(sibling != null);
    walk.setAt(sibling != null ? sibling : at.getTwin());
    walk.setLength(walk.getLength() + (sibling != null ? 2 : 1));
    return true;
  }
}

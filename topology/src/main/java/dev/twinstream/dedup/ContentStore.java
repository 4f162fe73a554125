package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.Link;
import dev.twinstream.schemas.internal.Lookup;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a content partition remembers. Every {@code get} answers null, or an empty list, where there
 * is nothing; null takes away. Copies are in the order of {@link DocumentOrder}.
 */
public interface ContentStore {
  Content content(long address);

  void putContent(long address, Content contentOrNull);

  /** Hash of the text for which an address is kept though its content may be gone. */
  Long reserved(long address);

  /** Keeps an address for good. */
  void reserve(long address, long text);

  /** Visits contents in the order of their addresses while the visitor says so. */
  void visitContents(ContentVisitor visitor);

  /** See {@link #visitContents}. */
  interface ContentVisitor {
    boolean visit(long address, Content content);
  }

  /** A number greater than any it gave before. */
  long nextGeneration();

  Lookup lookup(String asker);

  void putLookup(String asker, Lookup lookupOrNull);

  void visitLookups(BiConsumer<String, Lookup> visitor);

  void putCopy(long address, Copy copy);

  void removeCopy(long address, Copy copy);

  /** The stored copy of this event time and id. */
  Copy copy(long address, long eventTime, String id);

  /**
   * The last copy before this place.
   *
   * @param first event time that no copy before it has: what has left need not be passed over
   */
  Copy copyBefore(long address, long first, long eventTime, String id);

  /** The first copy after this place. */
  Copy copyAfter(long address, long eventTime, String id);

  /**
   * Visits copies from a place on, that one included, up to the event time {@code last}, while the
   * visitor says so.
   */
  void visitCopies(long address, long first, String firstId, long last, CopyVisitor visitor);

  /** See {@link #visitCopies}. */
  interface CopyVisitor {
    boolean visit(Copy copy);
  }

  /**
   * Copies without an earlier eligible one, where they are others than just the first copy, or
   * where a first copy has left.
   */
  List<Copy> heads(long address);

  void putHeads(long address, List<Copy> headsOrNull);

  List<String> excluded(long address, Copy copy);

  void putExcluded(long address, Copy copy, List<String> excluded);

  /** Copies that exclude others. */
  void forEachExcluding(long address, Consumer<Copy> visitor);

  Link link(long address, long partner);

  void putLink(long address, long partner, Link linkOrNull);

  /** Visits links in the order of the partners' addresses. The visitor may change them. */
  void forEachLink(long address, BiConsumer<Long, Link> visitor);

  /**
   * Of a content with many links, whether it is to be decided anew; null for others.
   *
   * @see ContentEngine
   */
  Boolean crowded(long address);

  void putCrowded(long address, Boolean waitsOrNull);

  /**
   * Of a content whose copies are gone over, the event time up to which they are to be once more;
   * {@link Long#MIN_VALUE} for none, null where they are not gone over.
   *
   * @see Walks
   */
  Long walk(long address);

  void putWalk(long address, Long owedOrNull);

  /**
   * The latest event time of any head of a partner; {@link Long#MIN_VALUE} at first.
   *
   * @param excluding of those heads that exclude documents, or of the others
   */
  long latestPartner(boolean excluding);

  void putLatestPartner(boolean excluding, long eventTime);
}

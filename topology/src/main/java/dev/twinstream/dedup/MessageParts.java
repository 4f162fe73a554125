package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Compare;
import dev.twinstream.schemas.internal.Compared;
import dev.twinstream.schemas.internal.Copy;
import dev.twinstream.schemas.internal.CopyArrived;
import dev.twinstream.schemas.internal.CopyExcludes;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.Offer;
import dev.twinstream.schemas.internal.Sync;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * Messages between contents hold lists that grow with what is stored. Those that can be sent in
 * parts are; of the others, the bytes are bounded from above, so that one too large for its topic
 * is known before it is sent.
 */
final class MessageParts {
  /** Candidates that a message names at most: 40 KB of addresses. */
  static final int CANDIDATES = 8 * 1024;

  /** Bytes of matches from which a part is full: half of what the smallest topics allow take. */
  static final int BYTES = 64 * 1024;

  /** A number takes at most this much. */
  private static final int NUMBER = 10;

  private static final int ADDRESS_AND_GENERATION = 2 * NUMBER;

  private MessageParts() {}

  /** Splits and packs candidates; at least one part, which may be empty. */
  static List<ByteBuffer> ofCandidates(long[] candidates) {
    List<ByteBuffer> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(candidates.length, from + CANDIDATES);
      parts.add(PackedAddresses.pack(candidates, from, to));
      from = to;
    } while (from < candidates.length);
    return parts;
  }

  /** Splits matches; at least one part, which may be empty. */
  static List<List<Match>> ofMatches(List<Match> matches) {
    List<List<Match>> parts = new ArrayList<>();
    List<Match> part = new ArrayList<>();
    long bytes = 0;
    for (Match match : matches) {
      part.add(match);
      bytes += bytes(match);
      if (bytes >= BYTES) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!part.isEmpty() || parts.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  /** Bytes of the lists in a message to a content, at most; messages of one size count as none. */
  static long bytes(Object payload) {
    if (payload instanceof Compare compare) {
      return heads(compare.getHeads()) + compare.getCandidates().remaining();
    } else if (payload instanceof Compared result) {
      return result.getMatches().stream().mapToLong(MessageParts::bytes).sum();
    } else if (payload instanceof Sync sync) {
      return heads(sync.getHeads()) + offers(sync.getOffers());
    } else if (payload instanceof CopyArrived arrived) {
      return ids(arrived.getExcluded());
    } else if (payload instanceof CopyExcludes excludes) {
      return ids(excludes.getExcluded());
    }
    return 0;
  }

  static long bytes(Match match) {
    return 4 * ADDRESS_AND_GENERATION
        + (long) NUMBER * match.getEvidence().getKeys().size()
        + heads(match.getHeads())
        + offers(match.getOffers());
  }

  private static long heads(List<Head> heads) {
    long bytes = 0;
    for (Head head : heads) {
      bytes += copy(head.getCopy()) + ids(head.getExcluded());
    }
    return bytes;
  }

  private static long offers(List<Offer> offers) {
    long bytes = 0;
    for (Offer offer : offers) {
      bytes += 2L * NUMBER + copy(offer.getCopy());
    }
    return bytes;
  }

  private static long copy(Copy copyOrNull) {
    return copyOrNull == null ? 1 : id(copyOrNull.getId()) + ADDRESS_AND_GENERATION;
  }

  private static long ids(List<String> ids) {
    return ids.stream().mapToLong(MessageParts::id).sum();
  }

  private static long id(String id) {
    return Utils.utf8Length(id) + NUMBER;
  }
}

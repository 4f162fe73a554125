package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.Compare;
import dev.twinstream.schemas.internal.Compared;
import dev.twinstream.schemas.internal.Head;
import dev.twinstream.schemas.internal.Lookup;
import dev.twinstream.schemas.internal.Match;
import dev.twinstream.schemas.internal.Question;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Searches for contents that are alike: one message to each bucket partition that has keys of the
 * sketch, one answer from each, then one message to each content partition that has candidates.
 */
final class Lookups {
  /** Matches of a question that are kept, the most alike: no crowd is larger to a verdict. */
  static final int MOST_MATCHES = 2_000;

  /** And bytes of them: the store's topic may take little more. */
  private static final int MOST_MATCH_BYTES = 2 * MessageParts.BYTES;

  private static final Comparator<Match> MOST_ALIKE_FIRST =
      Comparator.comparing((Match match) -> match.getEvidence().getMatches())
          .reversed()
          .thenComparing(Match::getAddress);

  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final OpenLookups open;
  private final ContentOutbox outbox;
  private final ContentKeys keys;
  private final int partitions;

  Lookups(ContentStore store, ContentOutbox outbox, ContentKeys keys, int partitions) {
    this.open = new OpenLookups(store);
    this.outbox = outbox;
    this.keys = keys;
    this.partitions = partitions;
  }

  private static String name(Asker asker) {
    return asker.getQuestion() == null
        ? name(asker.getAddress())
        : "?" + name(asker.getGeneration());
  }

  private static String name(long address) {
    return Long.toHexString(address);
  }

  /**
   * The name of the row with a part of what one bucket partition has named. Candidates grow with
   * the stream, and where a search stands changes with every answer: together, they would be
   * written anew each time. And what came in parts may be too large for one record.
   */
  private static String name(Asker asker, int partition, int part) {
    return name(asker) + "/" + partition + (part == 0 ? "" : "/" + part);
  }

  /** The parts that are stored of what one bucket partition has named. */
  private List<Lookup> parts(Asker asker, int partition) {
    List<Lookup> parts = new ArrayList<>(1);
    for (Lookup row = open.get(name(asker, partition, 0)); row != null; ) {
      parts.add(row);
      row = open.get(name(asker, partition, parts.size()));
    }
    return parts;
  }

  /** Whether a content's matches are all known. */
  boolean isOver(long address) {
    return open.get(name(address)) == null;
  }

  /** The question that a lookup is for, with what was found so far. */
  Lookup question(Asker asker) {
    return open.get(name(asker));
  }

  /** Stores a content's keys and looks under them, and under its probes. */
  void begin(Asker asker, Sketch sketch) {
    ContentKeys.Looked looked = keys.looked(sketch);
    send(asker, looked.keys(), looked.probes(), null);
  }

  /** Looks under a question's keys and probes, and stores nothing. */
  void begin(Asker asker, Question question) {
    send(asker, new long[0], keys.looked(question.getSketch()).all(), question);
  }

  private void send(Asker asker, long[] stored, long[] probed, Question question) {
    TreeMap<Integer, BucketRequest> requests = new TreeMap<>();
    for (long key : stored) {
      request(requests, asker, false, key).getKeys().add(key);
    }
    for (long key : probed) {
      request(requests, asker, false, key).getProbes().add(key);
    }
    List<Integer> awaiting = new ArrayList<>(requests.keySet());
    open.put(name(asker), row(asker, awaiting, NONE, question));
    requests.values().forEach(outbox::toBuckets);
  }

  private static Lookup row(
      Asker asker, List<Integer> awaiting, ByteBuffer candidates, Question questionOrNull) {
    return new Lookup(
        asker.getGeneration(), awaiting, candidates, List.of(), questionOrNull, List.of());
  }

  private BucketRequest request(
      TreeMap<Integer, BucketRequest> requests, Asker asker, boolean retract, long key) {
    return requests.computeIfAbsent(
        Partitioning.ofBucket(key, partitions),
        p -> new BucketRequest(asker, p, retract, new ArrayList<>(), new ArrayList<>()));
  }

  /** Takes a content's keys away. */
  void retract(Asker asker, Sketch sketch) {
    TreeMap<Integer, BucketRequest> requests = new TreeMap<>();
    for (long key : keys.keys(sketch)) {
      request(requests, asker, true, key).getKeys().add(key);
    }
    requests.values().forEach(outbox::toBuckets);
  }

  void end(Asker asker) {
    for (int partition = 0; partition < partitions; partition++) {
      for (int part = parts(asker, partition).size() - 1; part >= 0; part--) {
        open.remove(name(asker, partition, part));
      }
    }
    open.remove(name(asker));
  }

  /** What buckets have named until now; these may have heard of the content. */
  long[] candidates(Asker asker) {
    List<ByteBuffer> named = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      parts(asker, partition).forEach(part -> named.add(part.getCandidates()));
    }
    LongStream all = LongStream.of(PackedAddresses.distinct(named));
    boolean stored = asker.getQuestion() == null;
    return all.filter(address -> !stored || address != asker.getAddress()).toArray();
  }

  /** Takes a bucket partition's answer; after the last, asks the candidates. */
  void answered(BucketAnswer answer, Sketch sketch, List<Head> heads) {
    Asker asker = answer.getAsker();
    Lookup lookup = current(asker);
    if (lookup == null || !lookup.getAwaiting().contains(answer.getPartition())) {
      return;
    }
    add(asker, answer);
    if (!answer.getMore()) {
      lookup.setAwaiting(without(lookup.getAwaiting(), answer.getPartition()));
    }
    if (lookup.getAwaiting().isEmpty()) {
      compare(asker, lookup, sketch, heads);
    }
    open.put(name(asker), lookup);
  }

  private void add(Asker asker, BucketAnswer answer) {
    if (!answer.getCandidates().hasRemaining()) {
      return;
    }
    int part = parts(asker, answer.getPartition()).size();
    open.put(
        name(asker, answer.getPartition(), part),
        row(asker, List.of(), answer.getCandidates(), null));
  }

  private void compare(Asker asker, Lookup lookup, Sketch sketch, List<Head> heads) {
    TreeMap<Integer, LongStream.Builder> byPartition = new TreeMap<>();
    for (long candidate : candidates(asker)) {
      byPartition
          .computeIfAbsent(Partitioning.ofContent(candidate, partitions), p -> LongStream.builder())
          .add(candidate);
    }
    byPartition.forEach(
        (partition, candidates) -> {
          List<ByteBuffer> parts = MessageParts.ofCandidates(candidates.build().toArray());
          for (int i = 0; i < parts.size(); i++) {
            boolean more = i + 1 < parts.size();
            outbox.toContentPartition(
                partition, new Compare(asker, partition, parts.get(i), sketch, heads, more));
          }
        });
    lookup.setComparing(new ArrayList<>(byPartition.keySet()));
  }

  /** Takes a content partition's result; false where it is out of date. */
  boolean compared(Compared result) {
    Lookup lookup = current(result.getAsker());
    if (lookup == null || !lookup.getComparing().contains(result.getPartition())) {
      return false;
    }
    if (!result.getMore()) {
      lookup.setComparing(without(lookup.getComparing(), result.getPartition()));
    }
    if (lookup.getQuestion() != null) {
      lookup.setMatches(mostAlike(lookup.getMatches(), result.getMatches()));
    }
    open.put(name(result.getAsker()), lookup);
    return true;
  }

  /** What a question keeps of its matches: not their heads, which it has no use for. */
  private static List<Match> mostAlike(List<Match> before, List<Match> more) {
    List<Match> all = new ArrayList<>(before);
    for (Match match : more) {
      all.add(
          new Match(
              match.getAddress(),
              match.getGeneration(),
              match.getEvidence(),
              List.of(),
              match.getOffers()));
    }
    long bytes = all.stream().mapToLong(MessageParts::bytes).sum();
    if (all.size() <= MOST_MATCHES && bytes <= MOST_MATCH_BYTES) {
      return all;
    }
    all.sort(MOST_ALIKE_FIRST);
    List<Match> kept = new ArrayList<>();
    long taken = 0;
    for (Match match : all) {
      taken += MessageParts.bytes(match);
      if (kept.size() == MOST_MATCHES || taken > MOST_MATCH_BYTES) {
        break;
      }
      kept.add(match);
    }
    return kept;
  }

  /** Whether nothing is waited for any more; the lookup is then to be ended. */
  boolean isComplete(Asker asker) {
    Lookup lookup = current(asker);
    return lookup != null && lookup.getAwaiting().isEmpty() && lookup.getComparing().isEmpty();
  }

  private Lookup current(Asker asker) {
    Lookup lookup = open.get(name(asker));
    return lookup != null && lookup.getGeneration() == asker.getGeneration() ? lookup : null;
  }

  private static List<Integer> without(List<Integer> partitions, int partition) {
    List<Integer> left = new ArrayList<>(partitions);
    left.remove((Integer) partition);
    return left;
  }
}

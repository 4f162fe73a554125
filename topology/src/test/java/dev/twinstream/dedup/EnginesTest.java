package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.internal.Sketch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The engines together, in thousands of orders and with restarts in between, against brute force.
 */
class EnginesTest {
  private static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);

  /** Every content of a scope is a candidate of every other. */
  private static final ContentKeys ALL =
      new ContentKeys() {
        @Override
        public long[] keys(Sketch sketch) {
          return new long[] {sketch.getScope() * 31 + 7, 1L << 40};
        }

        @Override
        public Looked looked(Sketch sketch) {
          return new Looked(keys(sketch), new long[] {2L << 40});
        }

        @Override
        public List<Long> shared(Sketch stored, Sketch newcomer) {
          return List.of(1L << 40);
        }
      };

  /** So few addresses. */
  private record Crowded(int slots) implements Addresses {
    private int shift() {
      return Partitioning.ADDRESS_BITS - (Integer.SIZE - Integer.numberOfLeadingZeros(slots));
    }

    @Override
    public long first(long textHash1, long scope) {
      return Math.floorMod(textHash1, (long) slots) << shift();
    }

    @Override
    public long next(long address) {
      return ((address >>> shift()) + 1) % slots << shift();
    }
  }

  private record Key(long time, String id) {}

  @Test
  void shouldSayWhatBruteForceSaysInWhateverOrder() {
    for (int seed = 1400; seed < 1800; seed++) {
      check(seed, Long.MAX_VALUE);
    }
  }

  @Test
  void shouldSayWhatBruteForceSaysWithinARetention() {
    for (int seed = 0; seed < 400; seed++) {
      check(20_700 + seed, 20);
    }
  }

  /**
   * Hardly more addresses than texts, on all partitions: most texts find theirs taken, some several
   * times, and those that took them go and come back.
   */
  @Test
  void shouldSayWhatBruteForceSaysWhereTextsShareAddresses() {
    for (int seed = 31_400; seed < 31_800; seed++) {
      Addresses addresses = new Crowded(hasScopes(seed) ? 21 : 11);
      check(seed, seed % 2 == 0 ? Long.MAX_VALUE : 20, addresses);
    }
  }

  /** Whether documents go from a scope to another, and texts are in both. */
  private static boolean hasScopes(int seed) {
    return seed % 3 == 0;
  }

  private static int check(int seed, long retention) {
    return check(seed, retention, Addresses.HASHED);
  }

  private static int check(int seed, long retention, Addresses addresses) {
    return check(seed, retention, ALL, Simulation.SKETCHER, addresses);
  }

  /** Long texts around short ones, which no band brings together. */
  @Test
  void shouldSayWhatBruteForceSaysOfTextsInsideOthers() {
    ContentKeys keys = new SketchKeys(null, null, Simulation.PARTS);
    int contained = 0;
    for (int seed = 0; seed < 40; seed++) {
      contained += check(seed, Long.MAX_VALUE, keys, Simulation.WITH_PARTS, Addresses.HASHED);
      contained += check(seed, 20, keys, Simulation.WITH_PARTS, Addresses.HASHED);
    }
    assertThat(contained).isGreaterThan(50);
  }

  /** Returns how many documents are contained in others at the end. */
  private static int check(
      int seed, long retention, ContentKeys keys, LexicalSketcher sketcher, Addresses addresses) {
    Random random = new Random(seed);
    Simulation simulation =
        new Simulation(
            random, retention, DECISION, keys, RecallParameters.OFF, sketcher, addresses);
    simulation.encoder = BruteForceVerdicts::encoding;
    simulation.restartOneIn = 200;
    List<String> texts =
        sketcher == Simulation.WITH_PARTS ? textsInsideOthers(random) : texts(random);
    Map<String, Document> last = new HashMap<>();
    Map<Set<String>, Mark> marks = new HashMap<>();
    Map<Integer, Long> greatest = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      String id = "d" + random.nextInt(14);
      boolean deleted = random.nextInt(6) == 0;
      // With a retention, whether a document has expired before it is deleted is no matter of
      // order.
      Document document =
          new Document(
              id,
              deleted ? null : texts.get(random.nextInt(texts.size())),
              deleted ? null : time(random, retention, i),
              hasScopes(seed) && random.nextBoolean() ? "s" : null,
              deleted);
      last.put(id, document);
      simulation.send(document);
      if (!deleted) {
        int partition = Partitioning.ofDocument(id, Simulation.PARTITIONS);
        greatest.merge(partition, document.getPublishedAt(), Math::max);
      }
      if (random.nextInt(5) == 0) {
        String a = "d" + random.nextInt(14);
        String b = "d" + random.nextInt(14);
        if (!a.equals(b)) {
          Mark mark = List.of(Mark.twins, Mark.not_twins).get(random.nextInt(2));
          mark = random.nextInt(4) == 0 ? null : mark;
          marks.put(Set.of(a, b), mark);
          simulation.mark(a, b, mark);
        }
      }
      for (int steps = random.nextInt(60); steps > 0 && simulation.step(); steps--) {}
    }
    simulation.run();
    List<Document> present = new ArrayList<>();
    for (Document document : last.values()) {
      int partition = Partitioning.ofDocument(document.getId(), Simulation.PARTITIONS);
      boolean expired =
          !document.getDeleted()
              && retention != Long.MAX_VALUE
              && document.getPublishedAt() < greatest.get(partition) - retention - retention / 10;
      if (!document.getDeleted() && !expired) {
        present.add(document);
      }
    }
    Set<String> ids = new HashSet<>();
    present.forEach(document -> ids.add(document.getId()));
    for (String id : last.keySet()) {
      if (!ids.contains(id)) {
        assertThat(simulation.verdicts.get(id)).as("seed %d: gone %s", seed, id).isNull();
      }
    }
    for (Document document : present) {
      Verdict verdict = simulation.verdicts.get(document.getId());
      assertThat(verdict).as("seed %d: %s", seed, document.getId()).isNotNull();
      String wanted = BruteForceVerdicts.expected(document, present, marks, retention, sketcher);
      assertThat(BruteForceVerdicts.said(verdict))
          .as("seed %d: %s", seed, document.getId())
          .isEqualTo(wanted);
    }
    assertThat(simulation.dropped()).as("seed %d: postings dropped", seed).isZero();
    Map<String, Verdict> verdicts = simulation.verdicts;
    for (String id : ids) {
      String root = id;
      while (verdicts.get(root).getDuplicateOf() != null
          && verdicts.get(root).getVerdict() != VerdictKind.contained) {
        root = verdicts.get(root).getDuplicateOf();
      }
      assertThat(simulation.cluster(id)).as("seed %d: cluster of %s", seed, id).isEqualTo(root);
    }
    Document question = new Document("q", texts.get(0), 15L, null, false);
    simulation.ask(question);
    simulation.run();
    Verdict answer = simulation.answers.get("q");
    assertThat(BruteForceVerdicts.said(answer))
        .as("seed %d: question", seed)
        .isEqualTo(BruteForceVerdicts.expected(question, present, Map.of(), retention, sketcher));
    int contained =
        (int)
            ids.stream()
                .filter(id -> verdicts.get(id).getVerdict() == VerdictKind.contained)
                .count();
    for (String id : ids) {
      simulation.send(new Document(id, null, null, null, true));
    }
    simulation.run();
    assertThat(simulation.leftovers()).as("seed %d: left when all is deleted", seed).isZero();
    return contained;
  }

  /** It may have been published before a reset, and its record be gone from the input since. */
  @Test
  void shouldTakeBackWhatAnUnknownDocumentMayHaveBeenGiven() {
    Simulation simulation = new Simulation(new Random(1), Long.MAX_VALUE, DECISION, ALL);
    simulation.send(new Document("ghost", null, null, null, true));
    simulation.run();
    assertThat(simulation.verdicts).containsEntry("ghost", null);
    assertThat(simulation.leftovers()).isZero();
  }

  /** Their partners are told by a digest of what has changed. */
  @Test
  void shouldTellApartCopiesWhoseIdsHaveOneHashCode() {
    String text = words(40, new Random(5));
    for (int i = 0; i < 12; i++) {
      String first = "Aa" + i;
      String second = "BB" + i;
      assertThat(first).hasSameHashCodeAs(second);
      Simulation simulation = new Simulation(new Random(i), Long.MAX_VALUE, DECISION, ALL);
      simulation.send(new Document(first, text, 1L, null, false));
      simulation.send(new Document(second, text, 1L, null, false));
      simulation.send(new Document("near", text + " more", 2L, null, false));
      simulation.run();
      assertThat(simulation.verdicts.get("near").getDuplicateOf()).isEqualTo(first);
      simulation.send(new Document(first, null, null, null, true));
      simulation.run();
      assertThat(simulation.verdicts.get("near").getDuplicateOf()).isEqualTo(second);
      assertThat(simulation.cluster("near")).isEqualTo(second);
    }
  }

  /** Whatever a user says, documents of different scopes never meet; not even once one moves. */
  @Test
  void shouldKeepMarkedTwinsOfOtherScopesApart() {
    Simulation simulation = new Simulation(new Random(1), Long.MAX_VALUE, DECISION, ALL);
    simulation.send(new Document("a", words(30, new Random(2)), 1L, "one", false));
    simulation.send(new Document("b", words(30, new Random(3)), 2L, "other", false));
    simulation.mark("a", "b", Mark.twins);
    simulation.run();
    assertThat(BruteForceVerdicts.said(simulation.verdicts.get("b"))).isEqualTo("unique null null");
    assertThat(simulation.cluster("b")).isEqualTo("b");
    simulation.send(new Document("b", words(30, new Random(3)), 2L, "one", false));
    simulation.run();
    assertThat(BruteForceVerdicts.said(simulation.verdicts.get("b"))).isEqualTo("near a 1.0");
    long revision = simulation.verdicts.get("b").getRevision();
    simulation.mark("a", "b", Mark.twins);
    simulation.run();
    assertThat(simulation.verdicts.get("b").getRevision())
        .as("the same word again revises nothing")
        .isEqualTo(revision);
    simulation.send(new Document("a", words(30, new Random(2)), 1L, "other", false));
    simulation.run();
    assertThat(BruteForceVerdicts.said(simulation.verdicts.get("b"))).isEqualTo("unique null null");
  }

  /** More copies than one step decides anew, and changes while they are decided. */
  @Test
  void shouldDecideAnyNumberOfCopiesAnew() {
    Simulation simulation = new Simulation(new Random(3), Long.MAX_VALUE, DECISION, ALL);
    String text = words(20, new Random(4));
    int copies = 2 * Walks.STEP + 300;
    for (int i = 0; i < copies; i++) {
      simulation.send(new Document("c" + i, text, 100L + i, null, false));
    }
    simulation.run();
    assertThat(BruteForceVerdicts.said(simulation.verdicts.get("c" + (copies - 1))))
        .isEqualTo("exact c0 1.0");
    simulation.send(new Document("early", text, 50L, null, false));
    for (int steps = 0; steps < Walks.STEP; steps++) {
      simulation.step();
    }
    simulation.send(new Document("first", text, 10L, null, false));
    simulation.send(new Document("early", null, null, null, true));
    simulation.run();
    for (int i = 0; i < copies; i++) {
      assertThat(BruteForceVerdicts.said(simulation.verdicts.get("c" + i)))
          .isEqualTo("exact first 1.0");
    }
    simulation.send(new Document("first", null, null, null, true));
    simulation.run();
    assertThat(BruteForceVerdicts.said(simulation.verdicts.get("c0")))
        .isEqualTo("unique null null");
    for (int i = 1; i < copies; i++) {
      assertThat(BruteForceVerdicts.said(simulation.verdicts.get("c" + i)))
          .isEqualTo("exact c0 1.0");
    }
  }

  private static Long time(Random random, long retention, int i) {
    return retention == Long.MAX_VALUE ? random.nextInt(8) - 4L : i + random.nextInt(30) - 40L;
  }

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    for (int base = 0; base < 2; base++) {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        words.add("w" + random.nextInt(10_000));
      }
      texts.add(String.join(" ", words));
      for (int changed : new int[] {3, 8, 15, 30}) {
        for (int i = 0; i < changed; i++) {
          words.set(words.size() - 1 - i, "x" + random.nextInt(10_000));
        }
        texts.add(String.join(" ", words));
      }
    }
    texts.add("");
    return texts;
  }

  private static List<String> textsInsideOthers(Random random) {
    List<String> texts = new ArrayList<>();
    for (int base = 0; base < 2; base++) {
      String part = words(60, random);
      texts.add(part);
      for (int ratio : new int[] {2, 5, 20}) {
        int before = random.nextInt(60 * (ratio - 1));
        String rest = words(60 * (ratio - 1) - before, random);
        texts.add(words(before, random) + " " + part + " " + rest);
      }
      // Most of the short text, but too little to be contained, or just enough by its sample.
      texts.add(
          String.join(" ", List.of(part.split(" ")).subList(0, 45)) + " " + words(300, random));
    }
    texts.add("");
    return texts;
  }

  private static String words(int count, Random random) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append('w').append(random.nextInt(10_000));
    }
    return words.toString();
  }
}

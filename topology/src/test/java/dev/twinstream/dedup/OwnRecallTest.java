package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.lsh.BucketKeys;
import dev.twinstream.recall.DamagedCopy;
import dev.twinstream.recall.OwnRecall;
import dev.twinstream.recall.RecallEstimate;
import dev.twinstream.recall.RecallKind;
import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.internal.Content;
import dev.twinstream.schemas.internal.Sketch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The engines' estimate of their own recall, against counting all there is to count. */
class OwnRecallTest {
  private static final int DOCUMENTS = 600;
  private static final long SEED = 1;
  private static final double THRESHOLD = 0.5;
  private static final int COMPONENTS = 128;
  private static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);
  private static final DedupParameters PARAMETERS =
      new DedupParameters(
          3,
          COMPONENTS,
          16,
          THRESHOLD,
          0.5,
          0.5,
          SEED,
          1,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          1000,
          0,
          false,
          true,
          false);
  private static final PairRule RULE = new PairRule(DECISION, COMPONENTS);
  private static final DamagedCopy DAMAGE = new DamagedCopy(3, THRESHOLD, SEED);

  /** So few bands that many pairs are lost. */
  private static final ContentKeys FEW_BANDS =
      new ContentKeys() {
        private final SketchKeys all = new SketchKeys(Simulation.SKETCHER, null, null);

        @Override
        public long[] keys(Sketch sketch) {
          return Arrays.copyOf(all.keys(sketch), 3);
        }

        @Override
        public Looked looked(Sketch sketch) {
          return new Looked(keys(sketch), new long[0]);
        }

        @Override
        public List<Long> shared(Sketch stored, Sketch newcomer) {
          return all.shared(stored, newcomer);
        }
      };

  private static boolean meet(Sketch a, Sketch b) {
    return Arrays.stream(FEW_BANDS.keys(a))
        .anyMatch(key -> Arrays.stream(FEW_BANDS.keys(b)).anyMatch(other -> other == key));
  }

  /** Every other document is a near-copy of the one before it. */
  private static List<Document> documents(Random random) {
    DamagedCopy copies = new DamagedCopy(3, 0.3, 9);
    List<Document> documents = new ArrayList<>();
    String text = "";
    for (int i = 0; i < DOCUMENTS; i++) {
      if (i % 2 == 0) {
        StringBuilder words = new StringBuilder();
        for (int word = 0; word < 80; word++) {
          words.append(Integer.toString(random.nextInt(1_000_000), 36)).append(' ');
        }
        text = words.toString();
      } else {
        text = copies.of("copy " + i, text).text();
      }
      documents.add(new Document("d" + i, text, (long) i, null, false));
    }
    return documents;
  }

  private static int contentPartition(String text) {
    long hash = Simulation.SKETCHER.sketch(text, null).textHash1();
    long address = Partitioning.address(hash, BucketKeys.scope(null));
    return Partitioning.ofContent(address, Simulation.PARTITIONS);
  }

  private static RecallEstimate expectedProbes(List<Document> documents) {
    RecallEstimate expected = RecallEstimate.NONE;
    for (Document document : documents) {
      Sketch original = Simulation.sketch(document.getText());
      Sketch copy = Simulation.sketch(DAMAGE.of(document.getId(), document.getText()).text());
      if (original.getTextHash() != copy.getTextHash() && RULE.isPair(original, copy)) {
        expected = expected.plus(1, meet(original, copy) ? 1 : 0);
      }
    }
    return expected;
  }

  /** Pairs of one content partition, and those of them that share a key. */
  private static long[] expectedSamples(List<Document> documents) {
    long[] expected = new long[2];
    List<Sketch> sketches =
        documents.stream().map(document -> Simulation.sketch(document.getText())).toList();
    for (int i = 0; i < sketches.size(); i++) {
      int partition = contentPartition(documents.get(i).getText());
      for (int j = 0; j < i; j++) {
        if (RULE.isPair(sketches.get(i), sketches.get(j))
            && partition == contentPartition(documents.get(j).getText())) {
          expected[0]++;
          expected[1] += meet(sketches.get(i), sketches.get(j)) ? 1 : 0;
        }
      }
    }
    return expected;
  }

  @Test
  void shouldCountWhatFewBandsLose() {
    Random random = new Random(3);
    Simulation simulation =
        new Simulation(
            random,
            Long.MAX_VALUE,
            DECISION,
            FEW_BANDS,
            new RecallParameters(1, 1),
            Simulation.SKETCHER,
            Addresses.HASHED);
    List<Document> documents = documents(random);
    for (Document document : documents) {
      simulation.send(document);
      for (int steps = random.nextInt(60); steps > 0 && simulation.step(); steps--) {}
    }
    simulation.run();
    RecallEstimate probes = simulation.counted.of(RecallKind.PROBE);
    assertThat(probes).isEqualTo(expectedProbes(documents));
    assertThat(probes.pairs()).isGreaterThan(DOCUMENTS / 2);
    assertThat(probes.recall()).isBetween(0.2, 0.9);
    RecallEstimate reachable = simulation.counted.of(RecallKind.REACHABLE_PROBE);
    assertThat(reachable.pairs()).as("no bucket is full").isEqualTo(probes.found());
    assertThat(reachable.found()).isEqualTo(probes.found());
    RecallEstimate samples = simulation.counted.of(RecallKind.SAMPLE);
    assertThat(new long[] {samples.pairs(), samples.found()}).isEqualTo(expectedSamples(documents));
    assertThat(samples.pairs()).isGreaterThan(RecallEstimate.LEAST_PAIRS);
    assertThat(samples.recall()).isBetween(0.1, 0.9);
    assertThat(simulation.answers).as("answers to probes are not published").isEmpty();
    assertThat(simulation.verdicts).hasSize(DOCUMENTS);
    for (Document document : documents) {
      simulation.send(new Document(document.getId(), null, null, null, true));
    }
    simulation.run();
    assertThat(simulation.leftovers()).isZero();
  }

  /** Every text has the same key, and only the first ones find room in its bucket. */
  @Test
  void shouldCountWhatAFullBucketLoses() {
    int cap = 200;
    ContentKeys crowded =
        new ContentKeys() {
          @Override
          public long[] keys(Sketch sketch) {
            return new long[] {5};
          }

          @Override
          public Looked looked(Sketch sketch) {
            return new Looked(keys(sketch), new long[0]);
          }

          @Override
          public List<Long> shared(Sketch stored, Sketch newcomer) {
            return List.of(5L);
          }
        };
    Simulation simulation =
        new Simulation(
            new Random(6),
            Long.MAX_VALUE,
            DECISION,
            crowded,
            new RecallParameters(0, 1),
            Simulation.SKETCHER,
            Addresses.HASHED,
            cap);
    List<Document> documents = documents(new Random(7));
    RecallEstimate expected = RecallEstimate.NONE;
    for (int i = 0; i < DOCUMENTS; i++) {
      simulation.send(documents.get(i));
      simulation.run();
      RecallEstimate one = expectedProbes(List.of(documents.get(i)));
      int pairs = (int) one.pairs();
      expected = expected.plus(pairs, i < cap ? pairs : 0);
    }
    assertThat(simulation.counted.of(RecallKind.REACHABLE_PROBE)).isEqualTo(expected);
    assertThat(expected.recall()).isBetween(0.25, 0.4);
    assertThat(simulation.dropped()).isEqualTo(DOCUMENTS - cap);
  }

  @Test
  void shouldSampleWhatWasStoredBeforeAndForgetWhatLeaves() {
    List<Document> documents = documents(new Random(5));
    Sketch stored = Simulation.sketch(documents.get(0).getText());
    Sketch near = Simulation.sketch(documents.get(1).getText());
    assertThat(RULE.isPair(stored, near)).isTrue();
    InMemoryContentStore store = new InMemoryContentStore();
    store.putContent(7, new Content(1L, stored));
    OwnRecall counted = new OwnRecall();
    ContentRecall recall =
        new ContentRecall(counted, new RecallParameters(1, 0), FEW_BANDS, DECISION, PARAMETERS);
    recall.fill(store);
    recall.arrived(8, near);
    assertThat(counted.of(RecallKind.SAMPLE).pairs()).isOne();
    recall.left(7);
    recall.left(8);
    recall.arrived(9, near);
    assertThat(counted.of(RecallKind.SAMPLE).pairs()).isOne();
  }

  @Test
  void shouldNotProbeExactCopiesNorWhatIsGone() {
    Random random = new Random(4);
    Simulation simulation =
        new Simulation(
            random,
            Long.MAX_VALUE,
            DECISION,
            FEW_BANDS,
            new RecallParameters(0, 1),
            Simulation.SKETCHER,
            Addresses.HASHED);
    String text = documents(random).get(0).getText();
    Document first = new Document("a", text, 1L, null, false);
    Document copy = new Document("b", text, 2L, null, false);
    assertThat(expectedProbes(List.of(first, copy)).pairs()).isEqualTo(2);
    simulation.send(first);
    simulation.run();
    simulation.send(copy);
    simulation.run();
    assertThat(simulation.counted.of(RecallKind.PROBE)).isEqualTo(expectedProbes(List.of(first)));
    simulation.send(new Document("a", null, null, null, true));
    simulation.send(new Document("b", null, null, null, true));
    simulation.run();
    simulation.send(first);
    simulation.send(new Document("a", null, null, null, true));
    simulation.run();
    assertThat(simulation.leftovers()).isZero();
    assertThat(simulation.counted.of(RecallKind.PROBE).pairs()).as("deleted at once").isOne();
    assertThat(simulation.counted.of(RecallKind.SAMPLE)).isEqualTo(RecallEstimate.NONE);
  }
}

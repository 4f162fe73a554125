package dev.twinstream.recall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.dedup.Evidence;
import dev.twinstream.lsh.BBitSignature;
import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.recall.SketchReservoir.Room;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stream of documents and near-copies, with the sketches and bands of production. */
class SketchReservoirTest {
  private static final double THRESHOLD = 0.7;
  private static final int PERMUTATIONS = 128;
  private static final int DOCUMENTS = 3_000;
  private static final int CAPACITY = 1_500;
  private static final int LOWERED_BANDS = 4;

  private record Measured(RecallEstimate sample, RecallEstimate probes, double exact) {}

  private boolean twins(LexicalSketch a, LexicalSketch b) {
    int matches =
        BBitSignature.matches(
            ByteBuffer.wrap(a.signature()), ByteBuffer.wrap(b.signature()), PERMUTATIONS);
    return new Evidence(matches, PERMUTATIONS, 1, 1, null).jaccard() >= THRESHOLD;
  }

  private static boolean meet(LexicalSketch a, LexicalSketch b) {
    return Arrays.stream(a.keys()).anyMatch(k -> Arrays.stream(b.keys()).anyMatch(o -> o == k));
  }

  private SketchReservoir<LexicalSketch> reservoir(int capacity) {
    return reservoir(new Room(capacity, 0, Long.MAX_VALUE));
  }

  private SketchReservoir<LexicalSketch> reservoir(Room room) {
    return new SketchReservoir<>(
        room, LexicalSketch::shingles, LexicalSketch::keys, LexicalSketch::keys, this::twins);
  }

  /** Groups of one to four: a text and near-copies of it. */
  private static List<String> stream(Random random) {
    DamagedCopy copies = new DamagedCopy(3, 0.6, 77);
    List<String> texts = new ArrayList<>();
    while (texts.size() < DOCUMENTS) {
      String text = SimulatedTexts.text(random, 150);
      texts.add(text);
      for (int copy = random.nextInt(4); copy > 0; copy--) {
        texts.add(copies.of("copy " + texts.size(), text).text());
      }
    }
    Collections.shuffle(texts, random);
    return texts;
  }

  private Measured measure(Banding banding, long seed) {
    LexicalSketcher sketcher = new LexicalSketcher(3, PERMUTATIONS, banding, 1, 0);
    SketchReservoir<LexicalSketch> reservoir = reservoir(CAPACITY);
    HashSample newcomers = new HashSample(2, 2);
    HashSample probed = new HashSample(3, 2);
    DamagedCopy damage = new DamagedCopy(3, THRESHOLD, 5);
    RecallEstimate sample = RecallEstimate.NONE;
    RecallEstimate probes = RecallEstimate.NONE;
    List<LexicalSketch> all = new ArrayList<>();
    long pairs = 0;
    long found = 0;
    for (String text : stream(new Random(seed))) {
      int address = all.size();
      LexicalSketch sketch = sketcher.sketch(text, null);
      if (newcomers.takes(address)) {
        sample = sample.plus(reservoir.compare(address, sketch));
      }
      reservoir.offer(address, sketch);
      if (probed.takes(address)) {
        LexicalSketch copy = sketcher.sketch(damage.of("d" + address, text).text(), null);
        if (twins(sketch, copy)) {
          probes = probes.plus(1, meet(sketch, copy) ? 1 : 0);
        }
      }
      for (LexicalSketch other : all) {
        if (twins(other, sketch)) {
          pairs++;
          found += meet(other, sketch) ? 1 : 0;
        }
      }
      all.add(sketch);
    }
    return new Measured(sample, probes, (double) found / pairs);
  }

  @Test
  void shouldReportTheLossOfLoweredBandsWithinItsInterval() {
    Banding planned = Banding.forThreshold(THRESHOLD, PERMUTATIONS, 0.02, 0.98);
    Measured whole = measure(planned, 1);
    Measured lowered = measure(new Banding(LOWERED_BANDS, planned.rows()), 1);
    assertThat(planned.bands()).isGreaterThan(2 * LOWERED_BANDS);
    assertThat(lowered.exact()).isLessThan(whole.exact() - 0.03);
    for (Measured measured : List.of(whole, lowered)) {
      assertThat(measured.sample().pairs()).isGreaterThan(200);
      assertThat(measured.exact()).isBetween(measured.sample().low(), measured.sample().high());
    }
    assertThat(lowered.sample().high()).isLessThan(whole.sample().low());
    assertThat(lowered.probes().high()).isLessThan(whole.probes().low());
  }

  @Test
  void shouldKeepTheSameSketchesInWhateverOrderTheyCome() {
    List<Long> addresses = new ArrayList<>();
    for (long address = 0; address < 500; address++) {
      addresses.add(address);
    }
    RecallEstimate first = filled(addresses).compare(-1, sketch(7));
    Collections.shuffle(addresses, new Random(4));
    RecallEstimate shuffled = filled(addresses).compare(-1, sketch(7));
    assertThat(shuffled).isEqualTo(first);
    assertThat(first.pairs()).isBetween(5L, 40L);
  }

  /** Every third sketch takes 30 times what the others do; so 300 bytes hold the first 27. */
  @Test
  void shouldKeepTheFirstSketchesThatItsBytesHoldLargeOrNot() {
    List<Long> addresses = new ArrayList<>();
    for (long address = 0; address < 500; address++) {
      addresses.add(address);
    }
    for (int round = 0; round < 20; round++) {
      SketchReservoir<LexicalSketch> reservoir = reservoir(new Room(100, 5, 300));
      addresses.forEach(address -> reservoir.offer(address, sized(address)));
      assertThat(reservoir.size()).isEqualTo(27);
      assertThat(reservoir.compare(-1, sized(0)).pairs()).as("large ones").isEqualTo(9);
      assertThat(reservoir.offer(400, sized(1))).isFalse();
      reservoir.remove(0);
      assertThat(reservoir.offer(400, sized(1))).as("there is room again").isTrue();
      Collections.shuffle(addresses, new Random(round));
    }
  }

  @Test
  void shouldKeepItsShareOfTheSketchesWhateverTheyTake() {
    SketchReservoir<LexicalSketch> reservoir = reservoir(new Room(100, 40, 300));
    for (long address = 0; address < 500; address++) {
      reservoir.offer(address, sized(3 * address));
    }
    assertThat(reservoir.size()).isEqualTo(40);
    assertThat(Room.ofPartition(12).least()).isEqualTo(834);
    assertThat(Room.ofPartition(1).least()).isEqualTo(Room.ofPartition(1).most());
  }

  private static LexicalSketch sized(long address) {
    byte number = (byte) (address % 3 == 0 ? 1 : 2);
    byte[] signature = new byte[PERMUTATIONS];
    Arrays.fill(signature, number);
    return new LexicalSketch(signature, new long[] {number}, number == 1 ? 30 : 1, 0, 0, null);
  }

  /** Sketches of ten texts, in turn. */
  private SketchReservoir<LexicalSketch> filled(List<Long> addresses) {
    SketchReservoir<LexicalSketch> reservoir = reservoir(200);
    addresses.forEach(address -> reservoir.offer(address, sketch((int) (address % 10))));
    assertThat(reservoir.size()).isEqualTo(200);
    return reservoir;
  }

  private static LexicalSketch sketch(int number) {
    byte[] signature = new byte[PERMUTATIONS];
    Arrays.fill(signature, (byte) number);
    return new LexicalSketch(signature, new long[] {number}, 1, number, number, null);
  }

  /** One text with 1,000 copies, three quarters of which share its key. */
  @Test
  void shouldMakeTheKeysOfAFewInACrowdAndCountAll() {
    int[] made = {0};
    SketchReservoir<LexicalSketch> reservoir =
        new SketchReservoir<>(
            new Room(2_000, 0, Long.MAX_VALUE),
            LexicalSketch::shingles,
            sketch -> {
              made[0]++;
              return sketch.keys();
            },
            LexicalSketch::keys,
            this::twins);
    LexicalSketch text = sketch(3);
    LexicalSketch apart = new LexicalSketch(text.signature(), new long[] {9}, 1, 0, 0, null);
    for (long address = 0; address < 1_000; address++) {
      reservoir.offer(address, address % 4 == 0 ? apart : text);
    }
    RecallEstimate crowd = RecallEstimate.NONE;
    for (long newcomer = 0; newcomer < 200; newcomer++) {
      RecallEstimate one = reservoir.compare(5_000 + newcomer, text);
      assertThat(one.pairs()).isEqualTo(1_000);
      crowd = crowd.plus(one);
    }
    assertThat(made[0]).isEqualTo(200 * SketchReservoir.MOST_KEYED);
    assertThat(crowd.squares()).as("weighs what it did").isEqualTo(200 * 1_000_000L);
    assertThat(crowd.recall()).isBetween(0.735, 0.765);
    assertThat(reservoir.compare(9_999, text)).isEqualTo(reservoir.compare(9_999, text));
  }

  @Test
  void shouldNeitherPairADocumentWithItselfNorWithOneThatHasLeft() {
    SketchReservoir<LexicalSketch> reservoir = reservoir(10);
    reservoir.offer(1, sketch(3));
    assertThat(reservoir.compare(1, sketch(3))).isEqualTo(RecallEstimate.NONE);
    assertThat(reservoir.compare(2, sketch(3)).pairs()).isEqualTo(1);
    reservoir.offer(1, sketch(4));
    assertThat(reservoir.compare(2, sketch(3))).isEqualTo(RecallEstimate.NONE);
    reservoir.offer(1, sketch(3));
    reservoir.remove(1);
    assertThat(reservoir.compare(2, sketch(3))).isEqualTo(RecallEstimate.NONE);
    assertThat(reservoir.size()).isZero();
  }

  @Test
  void shouldSayOfATruePairWhetherAKeyBringsItTogether() {
    SketchReservoir<LexicalSketch> reservoir = reservoir(10);
    LexicalSketch same = sketch(3);
    reservoir.offer(1, same);
    LexicalSketch apart = new LexicalSketch(same.signature(), new long[] {8, 9}, 1, 0, 0, null);
    LexicalSketch together = new LexicalSketch(same.signature(), new long[] {9, 3}, 1, 0, 0, null);
    assertThat(reservoir.compare(2, apart)).isEqualTo(new RecallEstimate(1, 0, 1));
    assertThat(reservoir.compare(2, together)).isEqualTo(new RecallEstimate(1, 1, 1));
  }
}

package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Mark;
import dev.twinstream.schemas.internal.Sketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A crowd of versions of one text that comes latest first, so that each changes the ones before.
 */
class CrowdTest {
  private static final int CAP = 10;
  static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);
  static final ContentKeys ONE_BUCKET =
      new ContentKeys() {
        @Override
        public long[] keys(Sketch sketch) {
          return new long[] {1};
        }

        @Override
        public Looked looked(Sketch sketch) {
          return new Looked(keys(sketch), new long[0]);
        }

        @Override
        public List<Long> shared(Sketch stored, Sketch newcomer) {
          return List.of(1L);
        }
      };

  @Test
  void shouldReadInProportionToItsSize() {
    double some = linksRead(300);
    double twice = linksRead(600);
    assertThat(twice / some).as("%f and %f links read", some, twice).isLessThan(2.8);
  }

  /** A mark makes any copy before the marked documents matter to others, and none behind them. */
  @Test
  void shouldNotReadLinksForExactCopiesThatComeAfterAMark() {
    Simulation simulation = simulation();
    List<String> words = words();
    String text = String.join(" ", words);
    simulation.send(new Document("a", text, 1L, null, false));
    words.set(3, "x");
    simulation.send(new Document("b", String.join(" ", words), 2L, null, false));
    simulation.run();
    simulation.mark("a", "b", Mark.not_twins);
    simulation.run();
    assertThat(simulation.verdicts.get("b").getVerdict()).isEqualTo(VerdictKind.unique);
    long before = simulation.linksRead();
    for (int i = 0; i < 100; i++) {
      simulation.send(new Document("copy" + i, text, 3L + i, null, false));
    }
    simulation.run();
    assertThat(simulation.linksRead()).isEqualTo(before);
    simulation.send(new Document("early", text, 1L, null, false));
    simulation.run();
    assertThat(simulation.verdicts.get("b").getDuplicateOf()).isEqualTo("early");
  }

  private static Simulation simulation() {
    return new Simulation(
        new Random(1),
        Long.MAX_VALUE,
        DECISION,
        ONE_BUCKET,
        RecallParameters.OFF,
        Simulation.SKETCHER,
        Addresses.HASHED,
        CAP);
  }

  private static List<String> words() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      words.add("w" + i);
    }
    return words;
  }

  private static long linksRead(int size) {
    Simulation simulation = simulation();
    List<String> words = words();
    for (int i = 0; i < size; i++) {
      words.set(i % 5, "x" + i);
      simulation.send(new Document("d" + i, String.join(" ", words), 1000L - i, null, false));
    }
    simulation.run();
    // All but the earliest have an earlier one: those in the bucket have, and they are its twins.
    for (int i = 0; i < size - 1; i++) {
      VerdictKind verdict = simulation.verdicts.get("d" + i).getVerdict();
      assertThat(i < CAP / 2 ? verdict : VerdictKind.near).isEqualTo(VerdictKind.near);
    }
    return simulation.linksRead();
  }
}

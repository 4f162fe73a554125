package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.VerdictKind;
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
  private static final TwinDecision DECISION = new TwinDecision(TwinModel.STANDARD, 0.5);
  private static final ContentKeys ONE_BUCKET =
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

  private static long linksRead(int size) {
    Simulation simulation =
        new Simulation(
            new Random(1),
            Long.MAX_VALUE,
            DECISION,
            ONE_BUCKET,
            RecallParameters.OFF,
            Simulation.SKETCHER,
            Addresses.HASHED,
            CAP);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      words.add("w" + i);
    }
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

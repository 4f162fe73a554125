package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A text with many exact copies, whose first copy comes or goes all the time. */
class HotTextTest {
  private static final int COPIES = 1_000;
  private static final String TEXT = "one text that very many documents have";

  /** What is published without a bound: half of the copies each time. */
  private static final long SQUARE = (long) COPIES * COPIES / 2;

  @Test
  void shouldTakeAnArchiveFromItsEnd() {
    Simulation simulation = simulation(Long.MAX_VALUE);
    for (int i = COPIES - 1; i >= 0; i--) {
      simulation.send(document(i));
    }
    simulation.run();
    assertThat(published(simulation)).isLessThan(SQUARE / 5);
    assertIsCopyOf(simulation, 1, COPIES, 0);
  }

  @Test
  void shouldLoseCopiesFromTheFirstOn() {
    Simulation simulation = simulation(Long.MAX_VALUE);
    for (int i = 0; i < COPIES; i++) {
      simulation.send(document(i));
    }
    simulation.run();
    int left = COPIES - 10;
    for (int i = 0; i < left; i++) {
      simulation.send(new Document(id(i), null, null, null, true));
    }
    simulation.run();
    assertThat(published(simulation)).isLessThan(SQUARE / 5);
    assertThat(simulation.passedOver()).isLessThan(50 * COPIES);
    assertIsCopyOf(simulation, left + 1, COPIES, left);
    for (int i = left; i < COPIES; i++) {
      simulation.send(new Document(id(i), null, null, null, true));
    }
    simulation.run();
    assertThat(simulation.leftovers()).isZero();
  }

  @Test
  void shouldLetCopiesExpire() {
    int retention = COPIES / 4;
    Simulation simulation = simulation(retention);
    for (int i = 0; i < COPIES; i++) {
      simulation.send(document(i));
    }
    simulation.run();
    assertThat(published(simulation)).isLessThan(SQUARE / 10);
    assertThat(simulation.passedOver()).isLessThan(50 * COPIES);
    for (int i = COPIES - 10; i < COPIES; i++) {
      assertIsCopyOf(simulation, i, i + 1, i - retention);
    }
  }

  private static Simulation simulation(long retentionMillis) {
    return new Simulation(new Random(1), retentionMillis, CrowdTest.DECISION, CrowdTest.ONE_BUCKET);
  }

  private static Document document(int i) {
    return new Document(id(i), TEXT, (long) i, null, false);
  }

  private static String id(int i) {
    return "d" + i;
  }

  private static long published(Simulation simulation) {
    return simulation.published.values().stream().mapToLong(Integer::longValue).sum();
  }

  private static void assertIsCopyOf(Simulation simulation, int from, int to, int twin) {
    for (int i = from; i < to; i++) {
      assertThat(BruteForceVerdicts.said(simulation.verdicts.get(id(i))))
          .isEqualTo("exact " + id(twin) + " 1.0");
    }
  }
}

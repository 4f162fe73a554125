package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.VerdictKind;
import dev.twinstream.schemas.internal.Arrival;
import dev.twinstream.schemas.internal.Decision;
import dev.twinstream.schemas.internal.ExpiryDue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A document partition whose contents answer late, or never. */
class DocumentEngineTest {
  private static final long RETENTION = 10;
  private static final int UNDECIDED = 3 * Expiry.STEP;

  private final InMemoryDocumentStore store = new InMemoryDocumentStore();
  private final List<String> published = new ArrayList<>();
  private final Queue<String> steps = new ArrayDeque<>();
  private final DocumentEngine engine =
      new DocumentEngine(
          store,
          new SilentOutbox() {
            @Override
            public void verdict(String id, Verdict verdict) {
              published.add(id + (verdict == null ? " gone" : ""));
            }

            @Override
            public void toDocument(String id, Object payload) {
              assertThat(payload).isInstanceOf(ExpiryDue.class);
              steps.add(id);
            }
          },
          Simulation.SKETCHER,
          new SketchKeys(Simulation.SKETCHER, null, null),
          new TwinDecision(TwinModel.STANDARD, 0.5),
          Simulation.parameters(RETENTION, 1000),
          RecallParameters.OFF);

  private void arrive(String id, long time) {
    Document document = new Document(id, "a text of " + id, time, null, false);
    engine.arrive(new Arrival(0L, document, null, false, null));
    while (!steps.isEmpty()) {
      engine.receive(steps.remove(), new ExpiryDue());
    }
  }

  private void decide(String id) {
    Decision unique =
        new Decision(
            store.document(id).getVersion(),
            VerdictKind.unique,
            null,
            null,
            null,
            null,
            null,
            List.of());
    engine.receive(id, unique);
  }

  /** Also those that wait behind any number of others whose verdict does not come. */
  @Test
  void shouldTakeDocumentsBackThatAreDueOnceTheyAreDecided() {
    arrive("kept", 100);
    for (int i = 0; i < UNDECIDED; i++) {
      arrive("waiting" + i, i % 3);
    }
    arrive("late", 50);
    assertThat(published).isEmpty();
    decide("late");
    assertThat(published).containsExactly("late", "late gone");
    decide("kept");
    for (int i = 0; i < UNDECIDED; i++) {
      decide("waiting" + i);
    }
    assertThat(published).hasSize(2 + 1 + 2 * UNDECIDED);
    assertThat(Collections.frequency(published, "kept")).isEqualTo(1);
    assertThat(published).doesNotContain("kept gone");
  }

  @Test
  void shouldLookAtAnUndecidedDocumentOnce() {
    arrive("kept", 100);
    for (int i = 0; i < UNDECIDED; i++) {
      arrive("waiting" + i, 0);
    }
    long before = store.documentsRead;
    arrive("another", 0);
    assertThat(store.documentsRead - before).isLessThan(5);
  }
}

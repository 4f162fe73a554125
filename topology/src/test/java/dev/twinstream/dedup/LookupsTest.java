package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.Sketch;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookupsTest {
  /** One row of all of them could be larger than the store's topic takes. */
  @Test
  void shouldKeepEachPartOfAnAnswerInARowOfItsOwn() {
    InMemoryContentStore store = new InMemoryContentStore();
    Lookups lookups = new Lookups(store, new SilentOutbox(), CrowdTest.ONE_BUCKET, 1);
    Asker asker = new Asker(7L, 1L, null);
    Sketch sketch = Simulation.sketch("a few words of no meaning");
    lookups.begin(asker, sketch);
    for (long part = 1; part <= 3; part++) {
      lookups.answered(
          new BucketAnswer(asker, 0, PackedAddresses.pack(part, part + 10), part < 3),
          sketch,
          List.of());
      assertThat(store.lookup("7/0" + (part == 1 ? "" : "/" + (part - 1))).getCandidates())
          .isEqualTo(PackedAddresses.pack(part, part + 10));
    }
    assertThat(lookups.candidates(asker)).containsExactly(1, 2, 3, 11, 12, 13);
    lookups.end(asker);
    store.visitLookups((name, row) -> assertThat(name).as("is left").isNull());
  }
}

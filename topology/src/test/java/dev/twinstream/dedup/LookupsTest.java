package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Verdict;
import dev.twinstream.schemas.internal.Asker;
import dev.twinstream.schemas.internal.BucketAnswer;
import dev.twinstream.schemas.internal.BucketRequest;
import dev.twinstream.schemas.internal.Sketch;
import java.util.List;
import org.junit.jupiter.api.Test;

class LookupsTest {
  private static final ContentKeys ONE_KEY =
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
          return List.of();
        }
      };

  private static final ContentOutbox SILENT =
      new ContentOutbox() {
        @Override
        public void toContent(long address, Object payload) {}

        @Override
        public void toContentPartition(int partition, Object payload) {}

        @Override
        public void toDocument(String id, Object payload) {}

        @Override
        public void toBuckets(BucketRequest request) {}

        @Override
        public void answer(String questionId, Verdict verdict) {}
      };

  /** One row of all of them could be larger than the store's topic takes. */
  @Test
  void shouldKeepEachPartOfAnAnswerInARowOfItsOwn() {
    InMemoryContentStore store = new InMemoryContentStore();
    Lookups lookups = new Lookups(store, SILENT, ONE_KEY, 1);
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

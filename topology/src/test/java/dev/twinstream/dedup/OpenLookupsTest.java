package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.Lookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are kept in memory are those of the store, however few of them there is room for. */
class OpenLookupsTest {
  private static Lookup row(long generation) {
    return new Lookup(generation, List.of(), List.of(), List.of(), null, List.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void shouldAnswerAsItsStoreWould(int kept) {
    Random random = new Random(kept);
    InMemoryContentStore store = new InMemoryContentStore();
    Map<String, Long> expected = new HashMap<>();
    OpenLookups open = new OpenLookups(store, kept);
    for (int step = 0; step < 2_000; step++) {
      String name = "row" + random.nextInt(8);
      int action = random.nextInt(10);
      if (action == 0) {
        open = new OpenLookups(store, kept); // another process takes up what is stored
      } else if (action < 4) {
        open.put(name, row(step));
        expected.put(name, (long) step);
      } else if (action < 7) {
        open.remove(name);
        expected.remove(name);
      }
      Lookup found = open.get(name);
      assertThat(found == null ? null : found.getGeneration()).isEqualTo(expected.get(name));
      Lookup stored = store.lookup(name);
      assertThat(stored).isEqualTo(found);
    }
  }

  @Test
  void shouldNotAskTheStoreForRowsThatAreNotThere() {
    int[] asked = {0};
    InMemoryContentStore store =
        new InMemoryContentStore() {
          @Override
          public Lookup lookup(String asker) {
            asked[0]++;
            return super.lookup(asker);
          }
        };
    OpenLookups open = new OpenLookups(store, 2);
    open.put("a", row(1));
    open.put("b", row(2));
    assertThat(open.get("c")).isNull();
    assertThat(asked[0]).isZero();
    open.put("d", row(3));
    assertThat(open.get("a").getGeneration()).isEqualTo(1);
    assertThat(asked[0]).isPositive();
  }
}

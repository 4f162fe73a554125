package dev.twinstream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.Lookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are kept in memory are those of the store, however few of them there is room for. */
class OpenLookupsTest {
  private static final long ROW_BYTES = OpenLookups.bytes(row(0));

  private static Lookup row(long generation) {
    return rowOf(generation, new long[0]);
  }

  private static Lookup rowOfCrowd(long generation) {
    return rowOf(generation, LongStream.range(0, generation % 100).toArray());
  }

  private static Lookup rowOf(long generation, long[] candidates) {
    return new Lookup(
        generation, List.of(), PackedAddresses.pack(candidates), List.of(), null, List.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 100})
  void shouldAnswerAsItsStoreWould(int rows) {
    long most = rows * ROW_BYTES;
    Random random = new Random(rows);
    InMemoryContentStore store = new InMemoryContentStore();
    Map<String, Long> expected = new HashMap<>();
    OpenLookups open = new OpenLookups(store, most);
    for (int step = 0; step < 2_000; step++) {
      String name = "row" + random.nextInt(8);
      int action = random.nextInt(10);
      if (action == 0) {
        open = new OpenLookups(store, most); // another process takes up what is stored
      } else if (action < 4) {
        open.put(name, rowOfCrowd(step));
        expected.put(name, (long) step);
      } else if (action < 7) {
        open.remove(name);
        expected.remove(name);
      }
      Lookup found = open.get(name);
      assertThat(found == null ? null : found.getGeneration()).isEqualTo(expected.get(name));
      Lookup stored = store.lookup(name);
      assertThat(stored).isEqualTo(found);
      assertThat(open.keptBytes()).isBetween(0L, most);
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
    OpenLookups open = new OpenLookups(store, 2 * ROW_BYTES);
    open.put("a", row(1));
    open.put("b", row(2));
    assertThat(open.get("c")).isNull();
    assertThat(asked[0]).isZero();
    open.put("d", row(3));
    assertThat(open.get("a").getGeneration()).isEqualTo(1);
    assertThat(asked[0]).isPositive();
  }
}

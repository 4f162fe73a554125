package dev.twinstream.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.internal.EdgeChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random histories, their messages in any order but that of each document, and steps between. */
class ClusterHistoryTest {
  @ParameterizedTest
  @CsvSource({"0, 300, 6, 40", "300, 300, 25, 150", "600, 60, 300, 1500"})
  void shouldEndWithTheConnectedComponents(int seeds, int runs, int documents, int events) {
    for (int seed = seeds; seed < seeds + runs; seed++) {
      try {
        run(new Random(seed), documents, events);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void run(Random random, int documents, int events) {
    List<Deque<EdgeChange>> queues = histories(random, documents, events);
    Partition partition = new Partition();
    partition.stepEdges = new int[] {1, 2, 7, 500}[random.nextInt(4)];
    Oracle oracle = new Oracle();
    double steps = random.nextInt(3) * 0.49;
    double repeated = 0.05;
    List<Deque<EdgeChange>> open = new ArrayList<>(queues);
    open.removeIf(Deque::isEmpty);
    while (!open.isEmpty()) {
      Deque<EdgeChange> queue = open.get(random.nextInt(open.size()));
      EdgeChange change = queue.remove();
      if (queue.isEmpty()) {
        open.remove(queue);
      }
      partition.change(change);
      oracle.change(change);
      if (random.nextDouble() < repeated) {
        partition.change(change);
      }
      while (partition.stepDue && random.nextDouble() < steps) {
        partition.step();
      }
      if (random.nextInt(50) == 0) {
        partition.settle(100_000);
      }
    }
    partition.settle(100_000);
    oracle.check(partition);
  }

  /**
   * What each document sends, in its order. Event times change, so that there may be circles on the
   * way; every history ends with edges to earlier documents, as those that are sent at its end.
   */
  private static List<Deque<EdgeChange>> histories(Random random, int documents, int events) {
    List<Deque<EdgeChange>> queues = new ArrayList<>();
    Map<Integer, Long> revisions = new HashMap<>();
    for (int i = 0; i < documents; i++) {
      queues.add(new ArrayDeque<>());
    }
    int scopes = 1 + random.nextInt(2);
    for (int event = 0; event < events; event++) {
      int number = random.nextInt(documents);
      boolean last = event >= events - documents;
      if (last) {
        number = events - 1 - event;
      }
      // In between, documents go by other times: the order of ids turned around.
      boolean turned = !last && random.nextInt(4) == 0;
      Doc doc = doc(number, scopes, turned);
      long revision = revisions.merge(number, 1L + random.nextInt(3), Long::sum);
      int kind = random.nextInt(10);
      int twin = number - scopes * (1 + random.nextInt(1 + documents / scopes));
      if (turned) {
        twin = 2 * number - twin;
      }
      if (kind < 2) {
        queues.get(number).add(doc.gone(revision));
      } else if (kind < 4 || twin < 0 || twin >= documents) {
        queues.get(number).add(doc.pointingTo(revision, null));
      } else {
        queues.get(number).add(doc.pointingTo(revision, doc(twin, scopes, turned)));
      }
    }
    return queues;
  }

  private static Doc doc(int number, int scopes, boolean turned) {
    return new Doc(
        number % scopes == 0 ? null : "s" + number % scopes,
        String.format("d%03d", number),
        turned ? -number : number / 3);
  }

  @org.junit.jupiter.api.Test
  void shouldForgetEverythingWhenAllHaveGone() {
    Random random = new Random(5);
    Partition partition = new Partition();
    int documents = 200;
    for (int i = 1; i < documents; i++) {
      partition.point(Doc.of(i), Doc.of(random.nextInt(i)));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      order.add(i);
    }
    java.util.Collections.shuffle(order, random);
    order.forEach(i -> partition.leave(Doc.of(i)));
    partition.settle(1000);
    assertThat(partition.clusters).isEmpty();
    assertThat(partition.nodes).isEmpty();
    assertThat(partition.store.isEmpty()).isTrue();
  }
}

package dev.twinstream.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Cluster;
import dev.twinstream.schemas.internal.EdgeChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes that are hard: long chains, great stars, bridges, changes while a cluster is parted. */
class ClusterEngineTest {
  private final Partition partition = new Partition();
  private final Oracle oracle = new Oracle();

  /** Sends to both the engine and the oracle. */
  private void send(EdgeChange change) {
    partition.change(change);
    oracle.change(change);
  }

  /** A star of the documents first to end, around the first. */
  private void star(int first, int end) {
    for (int i = first + 1; i < end; i++) {
      send(Doc.of(i).pointingTo(1, Doc.of(first)));
    }
  }

  private void settleAndCheck(int stepsAtMost) {
    partition.settle(stepsAtMost);
    oracle.check(partition);
  }

  private String cluster(Doc doc) {
    return partition.resolve(partition.nodes.get(Doc.key(null, doc.id()))).getId();
  }

  @ParameterizedTest
  @ValueSource(strings = {"in order", "in reverse", "shuffled"})
  void shouldJoinAChain(String order) {
    int length = 10_000;
    List<Integer> documents = new ArrayList<>();
    for (int i = 1; i < length; i++) {
      documents.add(i);
    }
    if (order.equals("in reverse")) {
      Collections.reverse(documents);
    } else if (order.equals("shuffled")) {
      Collections.shuffle(documents, new Random(1));
    }
    for (int i : documents) {
      send(Doc.of(i).pointingTo(1, Doc.of(i - 1)));
    }
    assertThat(partition.stepDue).as("something is left to do").isFalse();
    oracle.check(partition);
    assertThat(partition.assignments).as("one a document").isEqualTo(length);
  }

  @Test
  void shouldSplitAChainInItsMiddle() {
    int length = 10_000;
    for (int i = 1; i < length; i++) {
      send(Doc.of(i).pointingTo(1, Doc.of(i - 1)));
    }
    String before = cluster(Doc.of(0));
    long assignments = partition.assignments;
    send(Doc.of(4_000).pointingTo(2, null));
    assertThat(partition.clusters.get(before).getSettled()).isFalse();
    settleAndCheck(200);
    assertThat(cluster(Doc.of(9_999))).as("the larger part's").isEqualTo(before);
    assertThat(partition.assignments - assignments).as("the smaller part moves").isEqualTo(4_000);
    assertThat(partition.clusters.get(before).getGeneration()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"true, 100000", "false, 20000"})
  void shouldKeepAStarWhoseMembersChooseANewCentre(boolean centreFirst, int size) {
    star(0, size);
    String before = cluster(Doc.of(0));
    long assignments = partition.assignments;
    long records = partition.clusterRecords;
    if (centreFirst) {
      send(Doc.of(0).gone(1));
    }
    send(Doc.of(1).pointingTo(2, null));
    for (int i = 2; i < size; i++) {
      send(Doc.of(i).pointingTo(2, Doc.of(1)));
      if (i % 100 == 0 && partition.stepDue) {
        partition.step();
      }
    }
    if (!centreFirst) {
      send(Doc.of(0).gone(1));
    }
    settleAndCheck(100);
    assertThat(cluster(Doc.of(size - 1))).isEqualTo(before);
    assertThat(partition.assignments - assignments).isLessThan(5);
    assertThat(partition.clusterRecords - records).isLessThan(5);
  }

  @Test
  void shouldLetTheMembersOfAStarGoWhoFindNoNewCentre() {
    star(0, 30_000);
    send(Doc.of(0).gone(1));
    settleAndCheck(300);
    assertThat(partition.nodes).isEmpty();
    assertThat(partition.clusters).isEmpty();
  }

  @Test
  void shouldSplitAtABridgeAndMergeAgain() {
    star(0, 3_000);
    star(3_000, 5_000);
    Doc bridge = Doc.of(6_000);
    send(Doc.of(3_000).pointingTo(1, Doc.of(10)));
    String large = cluster(Doc.of(0));
    assertThat(cluster(Doc.of(4_000))).isEqualTo(large);
    long records = partition.clusterRecords;
    send(Doc.of(3_000).pointingTo(2, null));
    assertThat(partition.clusterRecords - records).as("settled=false, once").isEqualTo(1);
    settleAndCheck(100);
    assertThat(cluster(Doc.of(0))).isEqualTo(large);
    String small = cluster(Doc.of(4_000));
    assertThat(small).isNotEqualTo(large);

    records = partition.clusterRecords;
    long assignments = partition.assignments;
    send(bridge.pointingTo(1, Doc.of(20)));
    send(Doc.of(3_000).pointingTo(3, Doc.of(20)));
    oracle.check(partition);
    assertThat(partition.clusters.get(small).getRedirect()).isEqualTo(large);
    assertThat(partition.assignments - assignments).as("the bridge alone").isEqualTo(1);
    assertThat(partition.clusterRecords - records)
        .as("a redirect, not a record a member")
        .isLessThan(5);
  }

  @Test
  void shouldDeleteDuringAMerge() {
    star(0, 2_000);
    star(2_000, 4_000);
    star(4_000, 6_000);
    send(Doc.of(2_000).pointingTo(1, Doc.of(5)));
    send(Doc.of(5).gone(2));
    send(Doc.of(4_000).pointingTo(1, Doc.of(2_001)));
    send(Doc.of(2_000).gone(2));
    settleAndCheck(1_000);
    assertThat(cluster(Doc.of(4_000))).isNotEqualTo(cluster(Doc.of(0)));
  }

  /** Cuts, departures and merges at every point of a move of 3,000 vertices. */
  @Test
  void shouldEndRightWhateverChangesWhileATreeMoves() {
    for (int when = 0; when < 12; when++) {
      Partition moving = new Partition();
      Oracle expected = new Oracle();
      List<EdgeChange> changes = new ArrayList<>();
      Random random = new Random(when);
      for (int i = 1; i < 6_000; i++) {
        changes.add(
            Doc.of(i).pointingTo(1, Doc.of(i < 10 ? i - 1 : random.nextInt(Math.min(i, 3_000)))));
      }
      changes.add(Doc.of(5).pointingTo(2, null));
      changes.forEach(moving::change);
      changes.forEach(expected::change);
      for (int i = 0; i < ClusterEngine.PATIENCE + when / 2; i++) {
        moving.step();
      }
      for (int round = 2; round < 6; round++) {
        for (int i = 0; i < 40; i++) {
          int at = 10 + random.nextInt(500);
          EdgeChange change =
              switch (random.nextInt(4)) {
                case 0 -> Doc.of(at).gone(round * 100 + i);
                case 1 -> Doc.of(at).pointingTo(round * 100 + i, null);
                case 2 -> Doc.of(at).pointingTo(round * 100 + i, Doc.of(random.nextInt(at)));
                default -> Doc.of(7_000 + at).pointingTo(round * 100 + i, Doc.of(at));
              };
          moving.change(change);
          expected.change(change);
        }
        if (moving.stepDue) {
          moving.step();
        }
      }
      moving.settle(10_000);
      expected.check(moving);
    }
  }

  @Test
  void shouldNotMergeClustersWhenATreeGoesFromOneToTheOther() {
    star(0, 100);
    star(200, 300);
    for (int i = 100; i < 120; i++) {
      send(Doc.of(i).pointingTo(1, Doc.of(50)));
    }
    Doc mover = new Doc(null, "d50", 1_000);
    String from = cluster(Doc.of(0));
    String to = cluster(Doc.of(200));
    send(mover.pointingTo(2, Doc.of(200)));
    assertThat(cluster(Doc.of(0))).isEqualTo(from);
    assertThat(cluster(Doc.of(200))).isEqualTo(to);
    assertThat(partition.clusters.get(to).getSettled()).isTrue();
    partition.settle(100);
    assertThat(cluster(mover)).isEqualTo(to);
    assertThat(cluster(Doc.of(110))).isEqualTo(to);
    assertThat(partition.clusters.get(from).getSize()).isEqualTo(99);
    assertThat(partition.clusters.get(to).getSize()).isEqualTo(121);
    assertThat(partition.clusters.values())
        .as("the redirect too")
        .hasSize(3)
        .allMatch(Cluster::getSettled);
  }

  /** The cluster that loses was last published under a member that has left. */
  @Test
  void shouldNameASurvivingMemberInARedirect() {
    star(0, 10);
    send(Doc.of(21).pointingTo(1, Doc.of(20)));
    send(Doc.of(22).pointingTo(1, Doc.of(21)));
    String lost = cluster(Doc.of(20));
    send(Doc.of(20).gone(1));
    send(Doc.of(21).pointingTo(2, Doc.of(0)));
    Cluster redirect = partition.clusters.get(lost);
    assertThat(redirect.getRedirect()).isEqualTo(cluster(Doc.of(0)));
    assertThat(redirect.getCanonical()).isEqualTo("d21");
    assertThat(redirect.getSize()).isEqualTo(2);
    settleAndCheck(100);
  }

  /**
   * The cluster that a tree leaves, and that which it enters, may both end before the move does.
   */
  @Test
  void shouldForgetAllWhenAllLeaveWhileATreeMoves() {
    for (int steps = 0; steps < 40; steps++) {
      Partition moving = new Partition();
      moving.stepEdges = 5;
      Random random = new Random(steps);
      List<Doc> documents = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        documents.add(Doc.of(i));
        if (i > 0) {
          int twin = i == 50 ? 3 : random.nextInt(i < 50 ? i : i - 49) + (i < 50 ? 0 : 49);
          moving.point(Doc.of(i), Doc.of(twin == 49 ? 3 : twin));
        }
      }
      moving.point(Doc.of(50), null);
      for (int i = 0; i < ClusterEngine.PATIENCE + steps && moving.stepDue; i++) {
        moving.step();
      }
      Collections.shuffle(documents, random);
      documents.sort((a, b) -> Boolean.compare(a.eventTime() >= 50, b.eventTime() >= 50));
      if (steps % 2 == 1) {
        Collections.reverse(documents);
      }
      for (Doc document : documents) {
        moving.leave(document);
      }
      moving.settle(1_000);
      assertThat(moving.clusters).isEmpty();
      assertThat(moving.nodes).isEmpty();
      assertThat(moving.store.isEmpty()).isTrue();
    }
  }

  @Test
  void shouldCutTheFirstChildrenAgainWhenTheirTwinCameBackAndWentWhileItsChildrenWereCut() {
    partition.stepEdges = 5;
    star(0, 20);
    send(Doc.of(0).gone(1));
    for (int i = 0; i < 100 && partition.store.unlinkedChildren() == 0; i++) {
      partition.step();
    }
    send(Doc.of(1).pointingTo(2, Doc.of(0)));
    send(Doc.of(0).gone(2));
    settleAndCheck(200);
    assertThat(partition.nodes).isEmpty();
  }

  @Test
  void shouldEndAClusterOfOneAndNeverReuseItsId() {
    send(Doc.of(1).pointingTo(1, Doc.of(0)));
    String first = cluster(Doc.of(0));
    send(Doc.of(1).gone(2));
    oracle.check(partition);
    assertThat(partition.clusters).isEmpty();
    assertThat(partition.nodes).isEmpty();
    send(Doc.of(1).pointingTo(3, Doc.of(0)));
    oracle.check(partition);
    assertThat(cluster(Doc.of(0))).isNotEqualTo(first);
  }

  @Test
  void shouldTakeNoAccountOfEdgesToAGoneDocumentUntilItIsBack() {
    send(Doc.of(1).pointingTo(1, Doc.of(0)));
    send(Doc.of(2).pointingTo(1, Doc.of(0)));
    send(Doc.of(0).gone(1));
    settleAndCheck(100);
    assertThat(partition.nodes).isEmpty();
    send(Doc.of(0).pointingTo(2, null));
    settleAndCheck(100);
    assertThat(partition.nodes).hasSize(3);
    send(Doc.of(0).gone(3));
    settleAndCheck(100);
    assertThat(partition.nodes).isEmpty();
    send(Doc.of(2).pointingTo(2, Doc.of(0)));
    settleAndCheck(100);
    assertThat(partition.nodes).as("a new edge names it").hasSize(3);
  }

  @Test
  void shouldTakeOlderRevisionsForVoid() {
    send(Doc.of(1).pointingTo(5, Doc.of(0)));
    send(Doc.of(1).gone(4));
    send(Doc.of(1).pointingTo(5, null));
    oracle.check(partition);
    assertThat(partition.nodes).hasSize(2);
  }

  @Test
  void shouldIgnoreDocumentsItNeverHeardOf() {
    send(Doc.of(1).pointingTo(1, null));
    send(Doc.of(2).gone(1));
    assertThat(partition.store.isEmpty()).isTrue();
    assertThat(partition.assignments).isZero();
  }

  @Test
  void shouldBeUnsettledWhileThereIsACircle() {
    Doc a = Doc.of(1);
    Doc b = Doc.of(2);
    send(b.pointingTo(1, a));
    send(new Doc(null, a.id(), 3).pointingTo(1, b));
    partition.settle(100);
    Cluster circle = partition.resolve(partition.nodes.get(Doc.key(null, a.id())));
    assertThat(circle.getSettled()).isFalse();
    send(b.pointingTo(2, null));
    settleAndCheck(100);
  }

  @Test
  void shouldRefuseATwinThatIsNotEarlier() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> partition.change(Doc.of(1).pointingTo(1, Doc.of(2))))
        .withMessageContaining("document d1 at 1: found the twin d2 at 2")
        .withMessageContaining("wanted one that is earlier");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> partition.change(Doc.of(1).pointingTo(1, Doc.of(1))));
    assertThat(partition.store.isEmpty()).isTrue();
  }
}

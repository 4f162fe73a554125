package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Parameters from goals. */
class LshPlanTest {
  private static final LshGoals GOALS = new LshGoals(0.8, 0.98, 0.02);

  @Test
  void shouldPlanTheBandingThatTheStreamUses() {
    LshPlan plan = LshPlan.minHash(GOALS, 128, 128);
    Banding banding = Banding.forThreshold(0.8, 128, 0.02, 0.98);
    assertThat(plan.tables()).isEqualTo(banding.bands());
    assertThat(plan.functions()).isEqualTo(banding.rows());
    assertThat(plan.recallAtThreshold()).isCloseTo(banding.candidateProbability(0.8), within(1e-6));
    assertThat(plan.bytesADocument())
        .isEqualTo(banding.bands() * 11.0 + 64 + banding.bands() * banding.rows());
    LshPlan limited = LshPlan.minHash(GOALS, 128, 5);
    assertThat(limited.tables()).isLessThanOrEqualTo(5);
    UnrelatedPairs unrelated = new UnrelatedPairs(new double[] {0.001, 0.1}, new long[] {999, 1});
    assertThat(limited.falseCandidates(new CandidateBudget(unrelated, 1_000_000, 1)))
        .isCloseTo(
            1_000_000
                * (0.999 * limited.candidateProbability(0.001)
                    + 0.001 * limited.candidateProbability(0.1)),
            within(1e-6));
  }

  /** Without probes the simulation must give the formula. */
  @Test
  void shouldSimulateWhatTheTheorySays() {
    check(new Bucketing.Signs(6), 6, CollisionProbabilities::sign);
    check(new Bucketing.Polytopes(1, 32), 1, c -> CollisionProbabilities.polytope(c, 32));
    double width = 1.2;
    long scaled = Math.round(width * Short.MAX_VALUE) * NormalMatrix.DEVIATION;
    check(
        EuclideanSteps.steps(scaled, 5, 1),
        5,
        c -> CollisionProbabilities.step(Math.sqrt(2 - 2 * c) / width));
  }

  private static void check(Bucketing bucketing, int functions, DoubleUnaryOperator one) {
    CandidateCurve curve = CandidateCurve.simulated(bucketing, 4, 0);
    for (int i = 0; i <= 10; i++) {
      double table = Math.pow(one.applyAsDouble(i / 10.0), functions);
      assertThat(curve.at(i / 10.0)).isCloseTo(1 - Math.pow(1 - table, 4), within(0.09));
    }
  }

  /** The plan's curve is what the family itself does, probes and all. */
  @Test
  void shouldForetellTheFamilysRecall() {
    LshPlan plan = LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 4, 16, 32);
    Random random = new Random(1);
    int found = 0;
    int pairs = 600;
    for (int pair = 0; pair < pairs; pair++) {
      RandomHyperplanes family =
          new RandomHyperplanes(4, plan.functions(), 32, random.nextLong(), 0);
      short[][] vectors = Vectors.pair(32, 0.7, random);
      long[] stored = family.keys(vectors[0], 0);
      Arrays.sort(stored);
      found +=
          Arrays.stream(family.probes(vectors[1], 0, 16))
                  .anyMatch(key -> Arrays.binarySearch(stored, key) >= 0)
              ? 1
              : 0;
    }
    assertThat((double) found / pairs).isCloseTo(plan.candidateProbability(0.7), within(0.09));
  }

  @Test
  void shouldAskMoreOfATableWhereFalseCandidatesCostMore() {
    LshPlan careful = LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 4, 8, 32);
    LshPlan cheap =
        LshPlan.cosine(PlannedFamily.HYPERPLANES, new LshGoals(0.8, 0.2, 0.8), 4, 8, 32);
    assertThat(cheap.functions()).isGreaterThan(careful.functions());
    assertThat(careful.recallAtThreshold()).isGreaterThan(cheap.recallAtThreshold());
    CandidateBudget budget = new CandidateBudget(UnrelatedPairs.of(0, 0.1, 0.2), 1000, 10);
    assertThat(careful.falseCandidates(budget)).isGreaterThan(cheap.falseCandidates(budget));
  }

  @Test
  void shouldKeepTheBudgetWhereItCan() {
    CandidateBudget budget = new CandidateBudget(UnrelatedPairs.of(0, 0.1, 0.2), 1_000_000, 200);
    LshPlan free = LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 4, 8, 32);
    LshPlan kept = LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 4, 8, 32, budget);
    assertThat(free.falseCandidates(budget)).isGreaterThan(200);
    assertThat(kept.falseCandidates(budget)).isBetween(1.0, 200.0);
    assertThat(kept.functions()).isGreaterThan(free.functions());
    CandidateBudget crowded = new CandidateBudget(UnrelatedPairs.of(0.99), 1_000_000, 200);
    assertThat(LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 4, 8, 32, crowded).functions())
        .isEqualTo(32);
  }

  @Test
  void shouldPlanEveryFamily() {
    for (PlannedFamily family : PlannedFamily.values()) {
      if (family != PlannedFamily.MINHASH) {
        LshPlan plan = LshPlan.cosine(family, GOALS, 2, 4, 16);
        assertThat(plan.tables()).isEqualTo(2);
        assertThat(plan.candidateProbability(1)).isCloseTo(1, within(1e-6));
        assertThat(plan.candidateProbability(0)).isLessThan(0.75);
        assertThat(plan.width().isPresent()).isEqualTo(family == PlannedFamily.EUCLIDEAN);
      }
    }
  }

  @Test
  void shouldMeasureHowAlikeTextsAre() {
    List<long[]> shingles =
        List.of(
            new long[] {1, 2, 3, 4}, new long[] {4, 5, 6, 7}, new long[] {1, 2, 3, 5}, new long[0]);
    // 1 of 7 twice, 3 of 5 is related, and three pairs have nothing in common.
    assertThat(UnrelatedPairs.measured(shingles, 0.2).lines())
        .containsExactly("0.0000 3", "0.1425 2");
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> new LshGoals(1, 1, 1))
        .hasMessage("the threshold is between 0 and 1, found 1.0");
    assertThatThrownBy(() -> new LshGoals(0.5, 0, 1))
        .hasMessage(
            "the weights of a miss and of a false candidate are finite and over 0, found 0.0 and 1.0");
    assertThatThrownBy(() -> LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 9, 0, 8))
        .hasMessage("1 to 8 tables are stored, found 9");
    assertThatThrownBy(() -> LshPlan.cosine(PlannedFamily.HYPERPLANES, GOALS, 8, -1, 8))
        .hasMessageContaining("found -1");
    assertThatThrownBy(() -> LshPlan.cosine(PlannedFamily.MINHASH, GOALS, 8, 0, 8))
        .hasMessage("MinHash is planned by its permutations");
    assertThatThrownBy(() -> LshPlan.minHash(GOALS, 0, 20)).hasMessageContaining("found");
    assertThatThrownBy(() -> new CandidateBudget(UnrelatedPairs.of(0), -1, 5))
        .hasMessageContaining("found -1 and 5.0");
    assertThatThrownBy(UnrelatedPairs::of).hasMessageContaining("found none");
  }
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Collisions follow the theory. */
class MinHashPropertyTest {
  private static final int PERMUTATIONS = 128;
  private static final int TRIALS = 200;

  /** The share of equal components estimates Jaccard similarity with variance J (1 - J) / k. */
  @Property(tries = 12)
  void shouldAgreeAsOftenAsTheSetsAreAlike(
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double jaccard, @ForAll long seed) {
    Random random = new Random(seed);
    MinHash minHash = new MinHash(PERMUTATIONS, seed);
    double sum = 0;
    double trueJaccard = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      int union = 400;
      int common = (int) Math.round(jaccard * union);
      trueJaccard = (double) common / union;
      long[] a = new long[common + (union - common) / 2];
      long[] b = new long[common + (union - common) - (union - common) / 2];
      for (int i = 0; i < Math.max(a.length, b.length); i++) {
        long shared = random.nextLong();
        if (i < a.length) {
          a[i] = i < common ? shared : random.nextLong();
        }
        if (i < b.length) {
          b[i] = i < common ? shared : random.nextLong();
        }
      }
      sum += agreement(minHash.signature(a), minHash.signature(b));
    }
    double deviation = Math.sqrt(trueJaccard * (1 - trueJaccard) / PERMUTATIONS / TRIALS);
    assertThat(sum / TRIALS).isCloseTo(trueJaccard, within(6 * deviation + 0.002));
  }

  /** The banding chosen for a threshold finds documents at it. */
  @Property(tries = 20)
  void shouldFindTwinsAtTheThreshold(@ForAll @IntRange(min = 30, max = 90) int percent) {
    Banding banding = Banding.forThreshold(percent / 100.0, PERMUTATIONS, 0.02, 0.98);
    assertThat(banding.candidateProbability(percent / 100.0)).isGreaterThan(0.9);
    assertThat(banding.candidateProbability(percent / 300.0)).isLessThan(0.5);
  }

  private static double agreement(int[] a, int[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return (double) same / a.length;
  }
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Containment by samples of shingles. */
class ShingleSampleTest {
  /** A long text's shingles, of which the first are those of a short one but for some. */
  private static long[][] pair(int small, int large, int changed, Random random) {
    long[] whole = random.longs(large).toArray();
    long[] part = Arrays.copyOf(whole, small);
    System.arraycopy(random.longs(changed).toArray(), 0, part, 0, changed);
    return new long[][] {part, whole};
  }

  private static Overlap overlap(long[][] pair) {
    return ShingleSample.of(pair[0], 1).in(ShingleSample.of(pair[1], 1));
  }

  @Test
  void shouldEstimateContainmentWithoutBiasWhateverTheLengths() {
    for (int ratio : new int[] {1, 5, 20, 100}) {
      Random random = new Random(ratio);
      long common = 0;
      long sampled = 0;
      for (int i = 0; i < 100; i++) {
        Overlap overlap = overlap(pair(200, 200 * ratio, 60, random));
        common += overlap.common();
        sampled += overlap.sampled();
      }
      double level = ratio < 50 ? 4 : 16;
      assertThat(sampled / 100.0).as("ratio %d", ratio).isCloseTo(200 / level, within(2.0));
      double deviation = Math.sqrt(0.3 * 0.7 / sampled);
      assertThat((double) common / sampled)
          .as("ratio %d", ratio)
          .isCloseTo(0.7, within(4 * deviation));
    }
  }

  @Test
  void shouldFindAllOfAPartAndNothingOfAnother() {
    Random random = new Random(1);
    Overlap part = overlap(pair(300, 6_000, 0, random));
    assertThat(part.common()).isEqualTo(part.sampled()).isGreaterThan(50);
    assertThat(overlap(pair(300, 6_000, 300, random)).common()).isZero();
    assertThat(overlap(new long[2][0])).isEqualTo(new Overlap(0, 0));
  }

  @Test
  void shouldStayWithinItsSizeAndComeBackAsItWas() {
    Random random = new Random(2);
    for (int size : new int[] {0, 10, 8_000, 100_000}) {
      long[] shingles = random.longs(size).toArray();
      ByteBuffer packed = ShingleSample.of(shingles, 3).pack();
      assertThat(packed.remaining()).isLessThanOrEqualTo(1 + 4 * ShingleSample.MOST);
      assertThat(ShingleSample.unpack(packed).pack()).isEqualTo(packed);
    }
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> new Overlap(3, 2)).hasMessageContaining("found 3 of 2");
  }
}

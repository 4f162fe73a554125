package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The promises of winnowing. */
class WinnowedFingerprintsTest {
  private static Set<Long> set(long[] keys) {
    Set<Long> set = new HashSet<>();
    for (long key : keys) {
      set.add(key);
    }
    return set;
  }

  @Property(tries = 200)
  void shouldShareAKeyForEveryRunOfAWindow(
      @ForAll @IntRange(min = 1, max = 40) int window,
      @ForAll @IntRange(max = 60) int before,
      @ForAll @IntRange(max = 60) int after,
      @ForAll int seed) {
    Random random = new Random(seed);
    long[] run = random.longs(window).toArray();
    long[] text = random.longs((long) before + window + after).toArray();
    long[] other = random.longs((long) after + window + before).toArray();
    System.arraycopy(run, 0, text, before, window);
    System.arraycopy(run, 0, other, after, window);
    WinnowedFingerprints winnowed = new WinnowedFingerprints(window, 1000, seed, 0);
    assertThat(set(winnowed.keys(text, 0))).containsAnyElementsOf(set(winnowed.keys(other, 0)));
  }

  /** The expected density, section 3.1: 2 / (window + 1). */
  @Property(tries = 10)
  void shouldKeepAsManyAsTheTheorySays(
      @ForAll @IntRange(min = 2, max = 60) int window, @ForAll int seed) {
    long[] text = new Random(seed).longs(20_000).toArray();
    int kept = new WinnowedFingerprints(window, 20_000, seed, 0).keys(text, 0).length;
    double expected = 20_000 * 2.0 / (window + 1);
    assertThat((double) kept).isBetween(0.9 * expected, 1.1 * expected);
  }

  /** A window widened for length still meets a narrow one, for runs of the wide one's length. */
  @Property(tries = 50)
  void shouldMeetAcrossWindows(@ForAll int seed) {
    Random random = new Random(seed);
    WinnowedFingerprints winnowed = new WinnowedFingerprints(16, 100, seed, 0);
    long[] large = random.longs(5_000).toArray();
    int at = random.nextInt(5_000 - 300);
    long[] small = Arrays.copyOfRange(large, at, at + 300);
    long[] keys = winnowed.keys(large, 0);
    assertThat(keys.length).isLessThanOrEqualTo(100);
    assertThat(set(keys)).containsAnyElementsOf(set(winnowed.keys(small, 0)));
  }

  @Test
  void shouldStayWithinItsLimits() {
    WinnowedFingerprints winnowed = new WinnowedFingerprints(4, 10, 1, 0);
    assertThat(winnowed.keys(new long[0], 0)).isEmpty();
    assertThat(winnowed.probes(new long[] {7}, 0, 9)).isEqualTo(winnowed.keys(new long[] {7}, 0));
    assertThat(winnowed.keys(new long[] {7}, 0)).hasSize(1);
    assertThat(winnowed.keys(new Random(1).longs(9_999).toArray(), 0).length).isBetween(5, 10);
    assertThat(winnowed.keys(new long[] {7}, 1)).isNotEqualTo(winnowed.keys(new long[] {7}, 2));
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> new WinnowedFingerprints(0, 1, 1, 0))
        .hasMessageContaining("found 0 and 1");
    assertThatThrownBy(() -> new WinnowedFingerprints(1, 0, 1, 0))
        .hasMessageContaining("found 1 and 0");
    assertThatThrownBy(() -> new WinnowedFingerprints(1, 1, 1, 0).probes(new long[] {1}, 0, -1))
        .hasMessageContaining("found -1");
  }
}

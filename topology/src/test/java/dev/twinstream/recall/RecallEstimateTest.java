package dev.twinstream.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecallEstimateTest {
  private static RecallEstimate single(int pairs, int found) {
    RecallEstimate estimate = RecallEstimate.NONE;
    for (int i = 0; i < pairs; i++) {
      estimate = estimate.plus(1, i < found ? 1 : 0);
    }
    return estimate;
  }

  @Test
  void shouldSayNothingUnderFiftyPairs() {
    RecallEstimate few = single(49, 40);
    assertThat(few.isKnown()).isFalse();
    assertThat(few.recall()).isNaN();
    assertThat(few.low()).isNaN();
    assertThat(few.high()).isNaN();
    assertThat(few).hasToString("unknown (49 pairs, wanted 50)");
    assertThat(few.plus(1, 1).isKnown()).isTrue();
  }

  /** The numbers are the formula's, worked out in Python. */
  @Test
  void shouldGiveWilsonsInterval() {
    RecallEstimate nine = single(100, 90);
    assertThat(nine.recall()).isEqualTo(0.9);
    assertThat(nine.low()).isCloseTo(0.8256343384950865, within(1e-12));
    assertThat(nine.high()).isCloseTo(0.9447708629393249, within(1e-12));
    RecallEstimate all = single(50, 50);
    assertThat(all.low()).isCloseTo(0.9286524008666413, within(1e-12));
    assertThat(all.high()).isCloseTo(1, within(1e-12));
    RecallEstimate none = single(50, 0);
    assertThat(none.low()).isCloseTo(0, within(1e-12));
    assertThat(none.high()).isCloseTo(1 - 0.9286524008666413, within(1e-12));
  }

  @Test
  void shouldCountPairsOfOneNewcomerAsOne() {
    RecallEstimate grouped = RecallEstimate.NONE;
    for (int i = 0; i < 100; i++) {
      grouped = grouped.plus(7, i < 90 ? 7 : 0);
    }
    assertThat(grouped.pairs()).isEqualTo(700);
    assertThat(grouped.recall()).isEqualTo(0.9);
    assertThat(grouped.low()).isCloseTo(single(100, 90).low(), within(1e-12));
    assertThat(grouped.high()).isCloseTo(single(100, 90).high(), within(1e-12));
  }

  @Test
  void shouldMergePartitions() {
    RecallEstimate one = single(30, 10).plus(3, 2);
    RecallEstimate other = single(60, 50);
    assertThat(one.plus(other)).isEqualTo(other.plus(one));
    assertThat(one.plus(other)).isEqualTo(new RecallEstimate(93, 62, 99));
    assertThat(one.plus(RecallEstimate.NONE)).isEqualTo(one);
  }

  @Test
  void shouldRefuseMoreFoundThanThereAre() {
    assertThatThrownBy(() -> RecallEstimate.NONE.plus(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found=2 pairs=1");
  }

  @Test
  void shouldKeepProbesAndSamplesApart() {
    OwnRecall own = new OwnRecall();
    assertThat(own.of(RecallKind.PROBE)).isEqualTo(RecallEstimate.NONE);
    own.add(RecallKind.PROBE, single(40, 30));
    own.add(RecallKind.SAMPLE, single(60, 60));
    own.add(RecallKind.PROBE, single(20, 15));
    assertThat(own.of(RecallKind.PROBE)).isEqualTo(single(60, 45));
    assertThat(own.of(RecallKind.SAMPLE).recall()).isEqualTo(1);
  }
}

package dev.twinstream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.evaluate.NearDuplicateScores.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreIntervalsTest {
  @Test
  void shouldCountCopiesOfARowAsNoPair() {
    List<Row> rows =
        List.of(new Row("a", "1", null), new Row("a", "1", "a"), new Row("b", "1", null));
    // Row 0 twice, row 1 twice, row 2 once: of 8 pairs in one cluster, 4 belong together.
    NearDuplicateScores scores = NearDuplicateScores.of(rows, new int[] {2, 2, 1});
    assertThat(scores.pairPrecision()).isEqualTo(0.5);
    assertThat(scores.pairRecall()).isEqualTo(1);
    assertThat(NearDuplicateScores.of(rows, new int[] {1, 1, 1}))
        .isEqualTo(NearDuplicateScores.of(rows));
  }

  @Test
  void shouldHoldTheScoreAndBeTheSameForASeed() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(new Row("t" + i, "t" + i, null));
      boolean missed = i % 4 == 0;
      rows.add(new Row("t" + i, missed ? "alone" + i : "t" + i, missed ? null : "t" + i));
    }
    ScoreIntervals intervals = ScoreIntervals.of(rows, 200, 1);
    double low = intervals.low(NearDuplicateScores::onlineRecall);
    double high = intervals.high(NearDuplicateScores::onlineRecall);
    // Standard error of 0.75 of about 200 documents: 0.031.
    assertThat(low).isBetween(0.64, 0.73);
    assertThat(high).isBetween(0.77, 0.86);
    assertThat(intervals.low(NearDuplicateScores::onlinePrecision)).isEqualTo(1);
    assertThat(ScoreIntervals.of(rows, 200, 1).low(NearDuplicateScores::onlineRecall))
        .isEqualTo(low);
  }
}

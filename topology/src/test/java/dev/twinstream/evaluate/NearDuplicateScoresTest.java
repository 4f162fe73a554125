package dev.twinstream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.twinstream.evaluate.NearDuplicateScores.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores against numbers worked out by hand, or by another implementation. */
class NearDuplicateScoresTest {
  @Test
  void shouldGiveFullMarksToTheTruth() {
    NearDuplicateScores scores =
        NearDuplicateScores.of(
            List.of(new Row("a", "1", null), new Row("a", "1", "a"), new Row("b", "2", null)));
    assertThat(scores).isEqualTo(new NearDuplicateScores(1, 1, 1, 1, 1));
    assertThat(scores.pairF1()).isEqualTo(1);
  }

  /** scikit-learn's adjusted_rand_score of these labels is 0.24242424. */
  @Test
  void shouldAgreeWithAnotherImplementationOfTheRandIndex() {
    String[] truth = {"a", "a", "a", "b", "b", "b"};
    String[] found = {"1", "1", "2", "2", "3", "3"};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < truth.length; i++) {
      rows.add(new Row(truth[i], found[i], null));
    }
    NearDuplicateScores scores = NearDuplicateScores.of(rows);
    assertThat(scores.adjustedRandIndex()).isCloseTo(0.24242424, within(1e-8));
    assertThat(scores.pairPrecision()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(scores.pairRecall()).isCloseTo(2.0 / 6, within(1e-12));
  }

  @Test
  void shouldCountTwinsAsTheStreamSawThem() {
    NearDuplicateScores scores =
        NearDuplicateScores.of(
            List.of(
                new Row("a", "1", null),
                new Row("b", "1", "a"), // wrong
                new Row("a", "1", "a"), // right
                new Row("a", "2", null), // missed
                new Row("b", "1", "a"))); // has a twin, but another was named
    assertThat(scores.onlineRecall()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(scores.onlinePrecision()).isCloseTo(1.0 / 3, within(1e-12));
  }
}

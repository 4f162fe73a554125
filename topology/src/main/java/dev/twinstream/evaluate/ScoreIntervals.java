package dev.twinstream.evaluate;

import dev.twinstream.evaluate.NearDuplicateScores.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * 95% intervals of scores by bootstrap (Efron, Tibshirani, An introduction to the bootstrap, 1993,
 * section 13.3): each draw takes as many documents as there are, with replacement.
 */
public final class ScoreIntervals {
  private static final double TAIL = 0.025;

  private final NearDuplicateScores[] draws;

  private ScoreIntervals(NearDuplicateScores[] draws) {
    this.draws = draws;
  }

  /**
   * @param rows in stream order, at least two
   * @param draws at least 1
   */
  public static ScoreIntervals of(List<Row> rows, int draws, long seed) {
    Random random = new Random(seed);
    NearDuplicateScores[] scores = new NearDuplicateScores[draws];
    for (int draw = 0; draw < draws; draw++) {
      int[] counts = new int[rows.size()];
      for (int i = 0; i < counts.length; i++) {
        counts[random.nextInt(counts.length)]++;
      }
      scores[draw] = NearDuplicateScores.of(rows, counts);
    }
    return new ScoreIntervals(scores);
  }

  /** The 2.5th percentile of one score. */
  public double low(ToDoubleFunction<NearDuplicateScores> score) {
    return percentile(score, TAIL);
  }

  /** The 97.5th percentile of one score. */
  public double high(ToDoubleFunction<NearDuplicateScores> score) {
    return percentile(score, 1 - TAIL);
  }

  private double percentile(ToDoubleFunction<NearDuplicateScores> score, double share) {
    double[] values = Arrays.stream(draws).mapToDouble(score).sorted().toArray();
    return values[(int) Math.round(share * (values.length - 1))];
  }
}

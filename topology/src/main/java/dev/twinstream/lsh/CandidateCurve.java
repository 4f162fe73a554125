package dev.twinstream.lsh;

import dev.twinstream.lsh.MultiProbe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * The probability of becoming candidates by similarity.
 *
 * @param probability of each similarity from 0 to 1
 */
record CandidateCurve(DoubleUnaryOperator probability) {
  static final int STEPS = 100;

  /** Queries a simulated curve is made of: its standard error is at most 0.02. */
  private static final int SAMPLES = 1000;

  /** Of the curve's steps, one in so many is simulated. */
  private static final int STRIDE = 4;

  /** Length of a quantised unit vector times the deviation of a projection's direction. */
  private static final double UNIT = (double) NormalMatrix.DEVIATION * Short.MAX_VALUE;

  /**
   * With probes there is no formula: normal projections of a query go through the very bucketing
   * and the very probes of a family, and the mean is taken of the probability, given them, that a
   * stored document whose projections have the cosine as correlation is met. Seeded, so that the
   * curve is always the same.
   */
  static CandidateCurve simulated(Bucketing bucketing, int tables, int probes) {
    return simulated(
        bucketing,
        tables,
        probes,
        random ->
            new Drawn(
                gaussian(tables, bucketing.projections(), random),
                gaussian(tables, bucketing.projections(), random)));
  }

  /**
   * The same for cross-polytopes, with projections by the family's own rotations: those onto more
   * axes than an encoding has dimensions hang together, which brings fewer pairs together than
   * independent ones would.
   */
  static CandidateCurve simulated(CrossPolytope family, int dimensions, int probes) {
    return simulated(
        family.bucketing(0),
        family.tables(),
        probes,
        random -> {
          short[][] pair = SimulatedPairs.draw(dimensions, 0, random);
          return new Drawn(projections(family, pair[0]), projections(family, pair[1]));
        });
  }

  /**
   * Projections of two directions at right angles, by table.
   *
   * @param own the query's
   * @param noise what a stored document's are mixed with
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, read only
  private record Drawn(long[][] own, long[][] noise) {}

  private static CandidateCurve simulated(
      Bucketing bucketing, int tables, int probes, Function<Random, Drawn> source) {
    Random random = new Random(20_150_913);
    double[] found = new double[STEPS + 1];
    for (int sample = 0; sample < SAMPLES; sample++) {
      Drawn drawn = source.apply(random);
      long[][] own = drawn.own();
      long[][] noise = drawn.noise();
      List<TableHash> hashes = new ArrayList<>(tables);
      for (long[] each : own) {
        hashes.add(new TableHash(bucketing.values(each), bucketing.alternatives(each)));
      }
      List<Probe> looked = MultiProbe.probes(hashes, probes, 0);
      for (int table = 0; table < tables; table++) {
        looked.add(new Probe(table, hashes.get(table).values()));
      }
      for (int i = 0; i <= STEPS; i += STRIDE) {
        found[i] += met(bucketing, looked, own, noise, (double) i / STEPS) / SAMPLES;
      }
    }
    for (int i = 0; i < STEPS; i++) {
      int from = i - i % STRIDE;
      double part = (double) (i - from) / STRIDE;
      found[i] = found[from] * (1 - part) + found[from + STRIDE] * part;
    }
    return new CandidateCurve(similarity -> between(found, similarity));
  }

  /**
   * A curve of counted hits, with an estimate instead where fewer were counted than tell anything:
   * its logarithm goes in a straight line from what is known at similarity 0, where all keys are
   * equally likely, to what was counted where counting begins to tell.
   */
  CandidateCurve estimatedBelowResolution(double atZero) {
    double resolution = 10.0 / SAMPLES;
    int step = 1;
    while (step < STEPS && at((double) step / STEPS) < resolution) {
      step++;
    }
    double from = (double) step / STEPS;
    double factor = at(from) / atZero;
    return new CandidateCurve(s -> s >= from ? at(s) : atZero * Math.pow(factor, s / from));
  }

  private static double met(
      Bucketing bucketing, List<Probe> looked, long[][] own, long[][] noise, double cosine) {
    double[] tables = new double[own.length];
    long[][] drawn = new long[own.length][];
    for (int table = 0; table < own.length; table++) {
      drawn[table] = bucketing.values(mixed(own[table], noise[table], cosine));
    }
    for (Probe probe : looked) {
      int table = probe.table();
      tables[table] += bucketing.agreement(probe.values(), own[table], drawn[table], cosine, UNIT);
    }
    double missed = 1;
    for (double table : tables) {
      missed *= 1 - Math.min(1, table);
    }
    return 1 - missed;
  }

  private static long[][] gaussian(int tables, int count, Random random) {
    long[][] numbers = new long[tables][count];
    for (long[] table : numbers) {
      Arrays.setAll(table, i -> Math.round(random.nextGaussian() * UNIT));
    }
    return numbers;
  }

  private static long[][] projections(CrossPolytope family, short[] quantized) {
    long[][] projections = new long[family.tables()][];
    Arrays.setAll(projections, table -> family.projections(quantized, table));
    return projections;
  }

  private static long[] mixed(long[] own, long[] noise, double cosine) {
    double sine = Math.sqrt(1 - cosine * cosine);
    long[] mixed = new long[own.length];
    Arrays.setAll(mixed, i -> Math.round(cosine * own[i] + sine * noise[i]));
    return mixed;
  }

  /** Similarities below 0 count as 0. */
  double at(double similarity) {
    return probability.applyAsDouble(Math.max(0, Math.min(1, similarity)));
  }

  /** Between two steps in a straight line. */
  private static double between(double[] probabilities, double similarity) {
    double place = similarity * STEPS;
    int below = Math.min(STEPS - 1, (int) place);
    double part = place - below;
    return probabilities[below] * (1 - part) + probabilities[below + 1] * part;
  }

  /**
   * The weighted sum of false candidates, the area under the curve below the threshold, and misses,
   * the area above it over the threshold (Zhu, Nargesian, Pu, Miller, LSH Ensemble, VLDB 2016,
   * section 5).
   */
  double error(LshGoals goals) {
    double error = 0;
    for (int i = 0; i < STEPS; i++) {
      double similarity = (i + 0.5) / STEPS;
      double found = at(similarity);
      error +=
          similarity < goals.threshold()
              ? goals.falseCandidateWeight() * found
              : goals.missWeight() * (1 - found);
    }
    return error / STEPS;
  }
}

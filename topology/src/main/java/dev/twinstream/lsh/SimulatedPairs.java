package dev.twinstream.lsh;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Quantised directions, evenly spread, whose cosine is known: what keys do to such pairs. */
final class SimulatedPairs {
  /** The standard error of a recall of 0.9 is 0.013. */
  private static final int PAIRS = 500;

  private SimulatedPairs() {}

  /** Two directions of the given cosine, up to what quantising takes. */
  static short[][] draw(int dimensions, double cosine, Random random) {
    double[] first = direction(dimensions, random);
    double[] other = direction(dimensions, random);
    double dot = 0;
    for (int i = 0; i < dimensions; i++) {
      dot += first[i] * other[i];
    }
    for (int i = 0; i < dimensions; i++) {
      other[i] -= dot * first[i];
    }
    normalize(other);
    double sine = Math.sqrt(1 - cosine * cosine);
    float[] one = new float[dimensions];
    float[] two = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      one[i] = (float) first[i];
      two[i] = (float) (cosine * first[i] + sine * other[i]);
    }
    return new short[][] {QuantizedEncoding.quantize(one), QuantizedEncoding.quantize(two)};
  }

  /** Share of the pairs of a cosine that a family brings together; always the same pairs. */
  static double recall(HashFamily<short[]> family, int dimensions, int probes, double cosine) {
    Random random = new Random(20_150_913);
    int found = 0;
    for (int i = 0; i < PAIRS; i++) {
      short[][] pair = draw(dimensions, cosine, random);
      Set<Long> looked = new HashSet<>();
      Arrays.stream(family.probes(pair[0], 0, probes)).forEach(looked::add);
      found += Arrays.stream(family.keys(pair[1], 0)).anyMatch(looked::contains) ? 1 : 0;
    }
    return (double) found / PAIRS;
  }

  private static double[] direction(int dimensions, Random random) {
    double[] direction = new double[dimensions];
    Arrays.setAll(direction, i -> random.nextGaussian());
    normalize(direction);
    return direction;
  }

  private static void normalize(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    Arrays.setAll(vector, i -> vector[i] / length);
  }
}

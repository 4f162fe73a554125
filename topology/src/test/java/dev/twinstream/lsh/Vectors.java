package dev.twinstream.lsh;

import java.util.Random;

/** Made-up features for tests: encodings at an angle, sets of a likeness. */
final class Vectors {
  private Vectors() {}

  /** Two quantised unit vectors whose angle has about this cosine. */
  static short[][] pair(int dimensions, double cosine, Random random) {
    double[] first = unit(dimensions, random);
    double[] other = unit(dimensions, random);
    double along = 0;
    for (int i = 0; i < dimensions; i++) {
      along += first[i] * other[i];
    }
    double rest = 0;
    for (int i = 0; i < dimensions; i++) {
      other[i] -= along * first[i];
      rest += other[i] * other[i];
    }
    float[] a = new float[dimensions];
    float[] b = new float[dimensions];
    double sine = Math.sqrt(1 - cosine * cosine);
    for (int i = 0; i < dimensions; i++) {
      a[i] = (float) first[i];
      b[i] = (float) (cosine * first[i] + sine * other[i] / Math.sqrt(rest));
    }
    return new short[][] {QuantizedEncoding.quantize(a), QuantizedEncoding.quantize(b)};
  }

  /** Two sets of {@code size} shingles with {@code common} in both. */
  static long[][] sets(int size, int common, Random random) {
    long[] a = random.longs(size).toArray();
    long[] b = random.longs(size).toArray();
    System.arraycopy(a, 0, b, 0, common);
    return new long[][] {a, b};
  }

  /** The shingles 1 to n, mixed: the same on any machine. */
  static long[] shingles(int count) {
    long[] shingles = new long[count];
    for (int i = 0; i < count; i++) {
      shingles[i] = Mixer.stream(42, i);
    }
    return shingles;
  }

  /** Places at which both arrays hold the same key. */
  static int agreeing(long[] a, long[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return same;
  }

  private static double[] unit(int dimensions, Random random) {
    double[] vector = new double[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= Math.sqrt(squares);
    }
    return vector;
  }
}

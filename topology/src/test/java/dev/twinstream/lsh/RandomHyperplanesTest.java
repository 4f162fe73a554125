package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Random hyperplanes: known answers, and the collision probability of the theory. */
class RandomHyperplanesTest {
  private static final int DIMENSIONS = 32;
  private static final int BITS_DRAWN = 4000;

  /** Two unit vectors at a given angle agree in a bit with probability 1 - angle / pi. */
  @Property(tries = 25)
  void shouldCollideAsTheTheorySays(
      @ForAll @DoubleRange(min = 0.05, max = 3.1) double angle,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    Random random = new Random(seed);
    double[] first = unit(random);
    double[] other = orthogonalTo(first, random);
    float[] a = new float[DIMENSIONS];
    float[] b = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      a[i] = (float) first[i];
      b[i] = (float) (Math.cos(angle) * first[i] + Math.sin(angle) * other[i]);
    }
    RandomHyperplanes planes = new RandomHyperplanes(BITS_DRAWN / 50, 50, DIMENSIONS, seed, 0);
    short[] left = QuantizedEncoding.quantize(a);
    short[] right = QuantizedEncoding.quantize(b);
    int agreeing = 0;
    for (int table = 0; table < BITS_DRAWN / 50; table++) {
      agreeing += 50 - Long.bitCount(planes.code(left, table) ^ planes.code(right, table));
    }
    double expected = 1 - angle / Math.PI;
    double deviation = Math.sqrt(expected * (1 - expected) / BITS_DRAWN);
    assertThat((double) agreeing / BITS_DRAWN).isCloseTo(expected, within(5 * deviation + 0.003));
    assertThat(QuantizedEncoding.cosine(left, right)).isCloseTo(Math.cos(angle), within(1e-3));
  }

  @Test
  void shouldGiveTheKeysItHasAlwaysGiven() {
    RandomHyperplanes planes = new RandomHyperplanes(3, 12, 4, 1, 7);
    short[] encoding = QuantizedEncoding.quantize(new float[] {0.5f, -0.5f, 0.1f, -0.7f});
    assertThat(encoding)
        .containsExactly((short) 16384, (short) -16383, (short) 3277, (short) -22937);
    assertThat(planes.keys(encoding, 0))
        .containsExactly(-645566860670748957L, -2604854166499424960L, 3773541371689564338L);
    assertThat(planes.keys(encoding, BucketKeys.scope("news"))[0]).isEqualTo(-5527361424475417070L);
  }

  @Test
  void shouldGiveNoKeyWithoutADirection() {
    assertThat(new RandomHyperplanes(3, 12, 4, 1, 7).keys(new short[4], 0)).isEmpty();
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> new RandomHyperplanes(3, 64, 4, 1, 7)).hasMessageContaining("64");
    assertThatThrownBy(() -> new RandomHyperplanes(3, 12, 4, 1, 7).keys(new short[5], 0))
        .hasMessage("the encoding has 5 components, wanted 4");
  }

  @Test
  void shouldKeepAnEncodingThroughPacking() {
    short[] encoding = QuantizedEncoding.quantize(new float[] {1.5f, -1.5f, 0});
    assertThat(encoding).containsExactly((short) 32767, (short) -32767, (short) 0);
    assertThat(QuantizedEncoding.unpack(QuantizedEncoding.pack(encoding))).isEqualTo(encoding);
  }

  private static double[] unit(Random random) {
    double[] vector = random.doubles(DIMENSIONS).map(x -> random.nextGaussian()).toArray();
    return scaled(vector, 1 / Math.sqrt(dot(vector, vector)));
  }

  private static double[] orthogonalTo(double[] unit, Random random) {
    double[] vector = unit(random);
    double along = dot(unit, vector);
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] -= along * unit[i];
    }
    return scaled(vector, 1 / Math.sqrt(dot(vector, vector)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] scaled(double[] vector, double factor) {
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] *= factor;
    }
    return vector;
  }
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Centring on encodings that crowd around one direction, as encoders give them. */
class CentringTest {
  private static final int DIMENSIONS = 24;
  private static final int TRUE_DIMENSIONS = 8;

  /** Unit vectors: a common part, and a rest that lies in the first few directions. */
  private static List<short[]> crowded(int count, long seed) {
    Random random = new Random(seed);
    List<short[]> sample = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      float[] encoding = new float[DIMENSIONS];
      double squares = 0;
      for (int i = 0; i < DIMENSIONS; i++) {
        double spread = i < TRUE_DIMENSIONS ? 0.5 : 0.02;
        encoding[i] = (float) (1 + spread * random.nextGaussian());
        squares += encoding[i] * encoding[i];
      }
      for (int i = 0; i < DIMENSIONS; i++) {
        encoding[i] /= (float) Math.sqrt(squares);
      }
      sample.add(QuantizedEncoding.quantize(encoding));
    }
    return sample;
  }

  private static double meanCosine(List<short[]> encodings) {
    double sum = 0;
    for (int i = 1; i < encodings.size(); i++) {
      sum += QuantizedEncoding.cosine(encodings.get(i - 1), encodings.get(i));
    }
    return sum / (encodings.size() - 1);
  }

  private static List<short[]> images(Centring centring, List<short[]> encodings) {
    return encodings.stream().map(centring::apply).toList();
  }

  @Test
  void shouldSpreadWhatCrowds() {
    List<short[]> fresh = crowded(500, 2);
    assertThat(meanCosine(fresh)).isGreaterThan(0.85);
    List<short[]> sample = crowded(500, 1);
    assertThat(meanCosine(images(CentringFit.mean(sample), fresh))).isCloseTo(0, within(0.08));
    assertThat(meanCosine(images(CentringFit.principalComponents(sample, 8), fresh)))
        .isCloseTo(0, within(0.08));
  }

  /** All directions kept, a rotation changes no angle; few kept, it keeps the variance. */
  @Test
  void shouldTurnWithoutBending() {
    List<short[]> sample = crowded(500, 1);
    List<short[]> fresh = crowded(20, 2);
    List<short[]> centred = images(CentringFit.mean(sample), fresh);
    for (Centring turned :
        List.of(
            CentringFit.principalComponents(sample, DIMENSIONS),
            CentringFit.iterativeQuantization(sample, DIMENSIONS, 1),
            CentringFit.principalComponents(sample, TRUE_DIMENSIONS))) {
      List<short[]> images = images(turned, fresh);
      for (int i = 1; i < fresh.size(); i++) {
        assertThat(QuantizedEncoding.cosine(images.get(i - 1), images.get(i)))
            .isCloseTo(QuantizedEncoding.cosine(centred.get(i - 1), centred.get(i)), within(0.06));
      }
    }
  }

  /** Fully whitened, every direction has the same spread; half so, the spreads come nearer. */
  @Test
  void shouldSpreadDirectionsAlike() {
    List<short[]> sample = crowded(2000, 1);
    assertThat(spreads(CentringFit.whitened(sample, TRUE_DIMENSIONS, 0.5), sample))
        .isCloseTo(1, within(0.02));
    double plain = spreads(CentringFit.whitened(sample, DIMENSIONS, 0), sample);
    assertThat(spreads(CentringFit.whitened(sample, DIMENSIONS, 0.25), sample))
        .isLessThan(0.6 * plain)
        .isGreaterThan(1.5);
  }

  /** Greatest over least standard deviation of the images' components. */
  private static double spreads(Centring centring, List<short[]> encodings) {
    double[] squares = new double[centring.dimensionsOut()];
    for (short[] image : images(centring, encodings)) {
      for (int i = 0; i < squares.length; i++) {
        squares[i] += (double) image[i] * image[i];
      }
    }
    Arrays.sort(squares);
    return Math.sqrt(squares[squares.length - 1] / squares[0]);
  }

  /** What the rotation is for: less is lost from a component to the corner of the cube. */
  @Test
  void shouldBringSignsNearerByIterativeQuantization() {
    List<short[]> sample = crowded(500, 1);
    assertThat(loss(CentringFit.iterativeQuantization(sample, TRUE_DIMENSIONS, 1), sample))
        .isLessThan(loss(CentringFit.principalComponents(sample, TRUE_DIMENSIONS), sample));
  }

  /** 1 less the mean cosine between an image and its own corner. */
  private static double loss(Centring centring, List<short[]> encodings) {
    double sum = 0;
    for (short[] image : images(centring, encodings)) {
      short[] corner = new short[image.length];
      for (int i = 0; i < image.length; i++) {
        corner[i] = (short) (image[i] >= 0 ? 1 : -1);
      }
      sum += QuantizedEncoding.cosine(image, corner);
    }
    return 1 - sum / encodings.size();
  }

  @Test
  void shouldMakeTheBucketsOfCrowdedEncodingsSmall() {
    List<short[]> sample = crowded(500, 1);
    List<short[]> fresh = crowded(500, 2);
    RandomHyperplanes planes = new RandomHyperplanes(1, 12, DIMENSIONS, 1, 0);
    Centring centring = CentringFit.mean(sample);
    assertThat(distinctKeys(new CentredFamily(centring, planes), fresh))
        .isGreaterThan(3 * distinctKeys(planes, fresh));
  }

  private static long distinctKeys(HashFamily<short[]> family, List<short[]> encodings) {
    return encodings.stream().map(encoding -> family.keys(encoding, 0)[0]).distinct().count();
  }

  /** Integers by hand: (10 - 4, 20 + 6) turned by a quarter, and halves rounded up. */
  @Test
  void shouldKeepItsAnswers() {
    short one = (short) Centring.ONE;
    Centring quarter =
        new Centring(new short[] {4, -6}, new short[][] {{0, one}, {(short) -one, 0}});
    assertThat(quarter.apply(new short[] {10, 20})).containsExactly((short) 26, (short) -6);
    short half = (short) (Centring.ONE / 2);
    Centring halves = new Centring(new short[] {0}, new short[][] {{half}});
    assertThat(halves.apply(new short[] {5})).containsExactly((short) 3);
    assertThat(halves.apply(new short[] {-5})).containsExactly((short) -2);
    Centring far = new Centring(new short[] {-30_000}, new short[0][]);
    assertThat(far.apply(new short[] {30_000})).containsExactly(Short.MAX_VALUE);
    assertThat(far.apply(new short[] {0})).containsExactly((short) 0);
    assertThat(quarter.fingerprint()).isEqualTo(-7457908770008941270L);
  }

  @Test
  void shouldComeBackFromItsBytes() {
    List<short[]> sample = crowded(100, 1);
    for (Centring centring :
        List.of(CentringFit.mean(sample), CentringFit.principalComponents(sample, 5))) {
      Centring back = Centring.fromBytes(centring.toBytes());
      assertThat(back.apply(sample.get(0))).isEqualTo(centring.apply(sample.get(0)));
      assertThat(back.fingerprint()).isEqualTo(centring.fingerprint());
      assertThat(back.dimensionsIn()).isEqualTo(DIMENSIONS);
      assertThat(back.dimensionsOut()).isEqualTo(centring.dimensionsOut());
    }
  }

  @Test
  void shouldNameWhatItRefuses() {
    List<short[]> sample = crowded(3, 1);
    assertThatThrownBy(() -> CentringFit.mean(List.of(new short[2], new short[] {1, 1})))
        .hasMessage("a fit needs at least 2 encodings that are not zero, found 1");
    assertThatThrownBy(() -> CentringFit.principalComponents(sample, 25))
        .hasMessage("1 to 24 dimensions can be kept, found 25");
    assertThatThrownBy(() -> CentringFit.whitened(sample, 2, 0.6))
        .hasMessage("the power of whitening is 0 to 0.5, found 0.6");
    assertThatThrownBy(() -> CentringFit.mean(sample).apply(new short[3]))
        .hasMessage("the encoding has 3 components, wanted 24");
    assertThatThrownBy(() -> Centring.fromBytes(ByteBuffer.allocate(5)))
        .hasMessage("a centring has at least 12 bytes, found 5");
    assertThatThrownBy(() -> Centring.fromBytes(ByteBuffer.allocate(12)))
        .hasMessageContaining("found format 0, 0 dimensions, 0 rows and 0 bytes");
  }
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The same features give the same keys on any machine and day. The numbers come from a second
 * implementation in Python, src/test/python/lsh_known_answers.py.
 */
class FamilyKnownAnswersTest {
  private static final long SEED = 5;
  private static final long EPOCH = 3;
  private static final long SCOPE = 11;
  private static final long[] SHINGLES = Vectors.shingles(50);

  private static short[] encoding() {
    short[] encoding = new short[24];
    for (int i = 0; i < encoding.length; i++) {
      encoding[i] = (short) Math.floorDiv((short) (Mixer.stream(43, i) >>> 48), 4);
    }
    return encoding;
  }

  @Test
  void shouldKeepMinHashOfEightBits() {
    assertThat(new MinHashFamily(new Banding(2, 3), 8, SEED, EPOCH).keys(SHINGLES, SCOPE))
        .containsExactly(-8545799416759900652L, 331160332184117282L);
  }

  @Test
  void shouldKeepTheSketchersKeysAsAFamily() {
    LexicalSketcher sketcher = new LexicalSketcher(3, 64, new Banding(8, 7), SEED, EPOCH);
    String text = "the quick brown fox jumps over the lazy dog";
    assertThat(
            new MinHashFamily(new Banding(8, 7), 12, SEED, EPOCH)
                .keys(new Shingler(3).shingles(text), BucketKeys.scope("scope")))
        .isEqualTo(sketcher.sketch(text, "scope").keys());
  }

  @Test
  void shouldKeepSimHash() {
    assertThat(new SimHash(2, 40, SEED, EPOCH).keys(SHINGLES, SCOPE))
        .containsExactly(1744237085518529073L, -3948198886966897059L);
  }

  @Test
  void shouldKeepHyperplanes() {
    assertThat(new RandomHyperplanes(2, 12, 24, SEED, EPOCH).keys(encoding(), SCOPE))
        .containsExactly(-3874568046596186051L, 7656111068026718983L);
  }

  @Test
  void shouldKeepSteps() {
    assertThat(new EuclideanSteps(2, 4, 24, 9000, 0, SEED, EPOCH).keys(encoding(), SCOPE))
        .containsExactly(5444349388386112224L, -4650448145137500715L);
  }

  @Test
  void shouldKeepPolytopes() {
    assertThat(new CrossPolytope(2, 2, 24, 0, SEED, EPOCH).keys(encoding(), SCOPE))
        .containsExactly(3070794480129753181L, 3812354129756184951L);
  }

  @Test
  void shouldKeepComponentSigns() {
    assertThat(new ComponentSigns(2, 10, 24, 0, SEED, EPOCH).keys(encoding(), SCOPE))
        .containsExactly(-7201598111319475808L, -3576444822813997963L);
  }

  @Test
  void shouldKeepFingerprints() {
    assertThat(new WinnowedFingerprints(20, 100, SEED, EPOCH).keys(SHINGLES, SCOPE))
        .containsExactly(
            6914130380166355985L, 123659746301381745L, -7121793818588362689L, 750221924702619488L);
  }

  @Test
  void shouldKeepSamples() {
    ByteBuffer packed = ShingleSample.of(SHINGLES, SEED).pack();
    assertThat(packed.get()).isEqualTo((byte) 2);
    int[] sample = new int[packed.remaining() / Integer.BYTES];
    packed.asIntBuffer().get(sample);
    assertThat(sample)
        .containsExactly(
            423723812,
            806989945,
            1235919538,
            1453555332,
            1639130553,
            1697070349,
            -1887491598,
            -1501541519,
            -1338045734,
            -1166846011,
            -62042697);
  }

  /** Of equally near vertices the lowest is the value: one number among zeros turns into ties. */
  @Test
  void shouldBreakTiesToTheLowestVertex() {
    Bucketing polytope = new Bucketing.Polytopes(1, 4);
    assertThat(polytope.values(new long[] {3, -7, 7, 7})).containsExactly(2);
    assertThat(polytope.values(new long[] {-7, -7, 3, 0})).containsExactly(4);
    assertThat(polytope.values(new long[4])).containsExactly(0);
  }

  @Test
  void shouldNotTurnLengthsButByTheScale() {
    PseudoRandomRotation rotation = new PseudoRandomRotation(24, 1);
    long[] turned = new long[32];
    rotation.rotate(encoding(), turned, 0);
    double before = 0;
    for (short component : encoding()) {
      before += (double) component * component;
    }
    double after = Arrays.stream(turned).mapToDouble(x -> (double) x * x).sum();
    assertThat(Math.sqrt(after / before)).isEqualTo(rotation.scale());
  }
}

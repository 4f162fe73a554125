package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/**
 * Every family's keys agree as often as its own formula says: tables of one function each, over
 * many random pairs. The tables of one pair are not quite independent, hence the wide bounds.
 */
class CollisionTheoryTest {
  private static final int TABLES = 64;
  private static final int PAIRS = 40;
  private static final int DIMENSIONS = 32;

  @Property(tries = 8)
  void shouldCollideOnHyperplanes(
      @ForAll @DoubleRange(min = -0.9, max = 0.99) double cosine, @ForAll @IntRange int seed) {
    check(new RandomHyperplanes(TABLES, 1, DIMENSIONS, seed, 0), cosine, seed);
  }

  @Property(tries = 8)
  void shouldCollideOnPolytopes(
      @ForAll @DoubleRange(min = 0, max = 0.99) double cosine, @ForAll @IntRange int seed) {
    check(new CrossPolytope(TABLES, 1, DIMENSIONS, 0, seed, 0), cosine, seed);
  }

  @Property(tries = 8)
  void shouldCollideOnSteps(
      @ForAll @DoubleRange(min = -0.9, max = 0.99) double cosine,
      @ForAll @IntRange(min = 10_000, max = 100_000) int width,
      @ForAll @IntRange int seed) {
    check(new EuclideanSteps(TABLES, 1, DIMENSIONS, width, 0, seed, 0), cosine, seed);
  }

  /** Random directions are spread alike already, so that their components serve as planes. */
  @Property(tries = 8)
  void shouldCollideOnComponents(
      @ForAll @DoubleRange(min = -0.9, max = 0.99) double cosine, @ForAll @IntRange int seed) {
    Random random = new Random(seed);
    ComponentSigns signs = new ComponentSigns(TABLES, 1, 256, 0, seed, 0);
    int agreeing = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      short[][] vectors = Vectors.pair(256, cosine, random);
      agreeing += Vectors.agreeing(signs.keys(vectors[0], 0), signs.keys(vectors[1], 0));
    }
    close(agreeing, signs.collisionProbability(cosine));
  }

  @Property(tries = 8)
  void shouldCollideOnSimHash(@ForAll @IntRange(max = 390) int common, @ForAll @IntRange int seed) {
    Random random = new Random(seed);
    SimHash simHash = new SimHash(TABLES, 1, seed, 0);
    int size = 401; // odd, so that no sum is 0
    int agreeing = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      long[][] sets = Vectors.sets(size, common, random);
      agreeing += Vectors.agreeing(simHash.keys(sets[0], 0), simHash.keys(sets[1], 0));
    }
    close(agreeing, simHash.collisionProbability((double) common / size));
  }

  @Property(tries = 12)
  void shouldCollideOnMinima(
      @ForAll @IntRange(max = 200) int common,
      @ForAll @IntRange(min = 1, max = 32) int bits,
      @ForAll @IntRange int seed) {
    Random random = new Random(seed);
    MinHashFamily family = new MinHashFamily(new Banding(TABLES, 1), bits, seed, 0);
    int agreeing = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      long[][] sets = Vectors.sets(200, common, random);
      agreeing += Vectors.agreeing(family.keys(sets[0], 0), family.keys(sets[1], 0));
    }
    close(agreeing, family.collisionProbability(common / (400.0 - common)));
  }

  /** Tables and functions amplify as in Indyk and Motwani. */
  @Property(tries = 6)
  void shouldMakeCandidatesAsTablesAndFunctionsSay(
      @ForAll @DoubleRange(min = 0.3, max = 0.95) double cosine, @ForAll @IntRange int seed) {
    Random random = new Random(seed);
    int pairs = 600;
    int candidates = 0;
    double expected = 0;
    for (int pair = 0; pair < pairs; pair++) {
      RandomHyperplanes family = new RandomHyperplanes(4, 6, DIMENSIONS, random.nextLong(), 0);
      expected = family.candidateProbability(cosine);
      short[][] vectors = Vectors.pair(DIMENSIONS, cosine, random);
      candidates +=
          Vectors.agreeing(family.keys(vectors[0], 0), family.keys(vectors[1], 0)) > 0 ? 1 : 0;
    }
    double deviation = Math.sqrt(expected * (1 - expected) / pairs);
    assertThat((double) candidates / pairs).isCloseTo(expected, within(5 * deviation + 0.01));
  }

  private static void check(EncodingFamily family, double cosine, long seed) {
    Random random = new Random(seed);
    int agreeing = 0;
    for (int pair = 0; pair < PAIRS; pair++) {
      short[][] vectors = Vectors.pair(DIMENSIONS, cosine, random);
      agreeing += Vectors.agreeing(family.keys(vectors[0], 0), family.keys(vectors[1], 0));
    }
    close(agreeing, family.collisionProbability(cosine));
  }

  private static void close(int agreeing, double expected) {
    int draws = TABLES * PAIRS;
    double deviation = Math.sqrt(expected * (1 - expected) / draws);
    assertThat((double) agreeing / draws).isCloseTo(expected, within(6 * deviation + 0.015));
  }
}

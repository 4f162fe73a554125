package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a query looks under beside its own keys: likeliest first, and what the margin demands. */
class ProbeTest {
  private static final int DIMENSIONS = 32;
  private static final int WIDTH = 60_000;

  private static List<HashFamily<short[]>> families(double margin, long seed) {
    return List.of(
        new RandomHyperplanes(4, 12, DIMENSIONS, margin, seed, 0),
        new CrossPolytope(4, 2, DIMENSIONS, margin, seed, 0),
        new EuclideanSteps(4, 8, DIMENSIONS, WIDTH, margin, seed, 0),
        new ComponentSigns(4, 12, DIMENSIONS, margin, seed, 0));
  }

  @Test
  void shouldProbeDistinctKeysAfterItsOwn() {
    Random random = new Random(1);
    for (HashFamily<short[]> family : families(300, 1)) {
      short[] encoding = Vectors.pair(DIMENSIONS, 0.5, random)[0];
      long[] keys = family.keys(encoding, 7);
      long[] probes = family.probes(encoding, 7, 40);
      assertThat(Arrays.copyOf(probes, keys.length)).isEqualTo(keys);
      assertThat(probes.length).isGreaterThanOrEqualTo(44);
      assertThat(probes).doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldProbeTheFirstOnesFirst() {
    short[] encoding = Vectors.pair(DIMENSIONS, 0.5, new Random(2))[0];
    for (HashFamily<short[]> family : families(0, 1)) {
      long[] many = family.probes(encoding, 0, 30);
      assertThat(family.probes(encoding, 0, 10)).isEqualTo(Arrays.copyOf(many, 14));
      assertThat(family.probes(encoding, 0, 0)).isEqualTo(family.keys(encoding, 0));
    }
  }

  /** Neighbours by distance beat as many tables' worth of luck: recall grows with the probes. */
  @Test
  void shouldFindMoreTwinsWithMoreProbes() {
    for (int kind = 0; kind < 4; kind++) {
      Random random = new Random(kind);
      int[] found = new int[3];
      for (int pair = 0; pair < 300; pair++) {
        HashFamily<short[]> family = families(0, random.nextLong()).get(kind);
        short[][] vectors = Vectors.pair(DIMENSIONS, 0.85, random);
        found[0] += meet(family, vectors, 0);
        found[1] += meet(family, vectors, 8);
        found[2] += meet(family, vectors, 64);
      }
      assertThat(found[1]).isGreaterThan(found[0] + 10);
      assertThat(found[2]).isGreaterThan(found[1] + 10);
    }
  }

  /**
   * An encoding whose last bits another processor computed otherwise finds its own key in every
   * table, without any other probes.
   */
  @Test
  void shouldFindItselfInEveryTableWithinTheMargin() {
    for (int kind = 0; kind < 4; kind++) {
      Random random = new Random(kind);
      int alone = 0;
      for (int trial = 0; trial < 200; trial++) {
        HashFamily<short[]> family = families(12, random.nextLong()).get(kind);
        short[] encoding = Vectors.pair(DIMENSIONS, 0.5, random)[0];
        short[] elsewhere = encoding.clone();
        for (int i = 0; i < DIMENSIONS; i++) {
          elsewhere[i] += (short) (random.nextInt(5) - 2);
        }
        Set<Long> probed = new HashSet<>();
        for (long key : family.probes(elsewhere, 0, 0)) {
          probed.add(key);
        }
        alone += Arrays.stream(family.keys(encoding, 0)).allMatch(probed::contains) ? 0 : 1;
      }
      assertThat(alone).isZero();
    }
  }

  @Test
  void shouldProbeNoNeighbourFarFromEveryThreshold() {
    RandomHyperplanes family = new RandomHyperplanes(2, 1, 1, 10, 1, 0);
    assertThat(family.probes(new short[] {20_000}, 0, 0)).hasSize(2);
    assertThat(family.probes(new short[] {1}, 0, 0).length).isGreaterThan(2);
  }

  @Test
  void shouldFlipTheNarrowestVotesOfSimHash() {
    Random random = new Random(3);
    int plain = 0;
    int probed = 0;
    for (int pair = 0; pair < 200; pair++) {
      SimHash family = new SimHash(4, 16, random.nextLong(), 0);
      long[][] sets = Vectors.sets(300, 255, random);
      Set<Long> stored = new HashSet<>();
      for (long key : family.keys(sets[0], 0)) {
        stored.add(key);
      }
      plain += Arrays.stream(family.keys(sets[1], 0)).anyMatch(stored::contains) ? 1 : 0;
      probed += Arrays.stream(family.probes(sets[1], 0, 32)).anyMatch(stored::contains) ? 1 : 0;
    }
    assertThat(probed).isGreaterThan(plain + 40);
  }

  @Test
  void shouldNameWhatItRefuses() {
    for (HashFamily<short[]> family : families(0, 1)) {
      assertThatThrownBy(() -> family.probes(new short[DIMENSIONS], 0, -1))
          .hasMessage("the count of probes is 0 or more, found -1");
      assertThatThrownBy(() -> family.keys(new short[5], 0))
          .hasMessage("the encoding has 5 components, wanted 32");
      assertThat(family.keys(new short[DIMENSIONS], 0)).isEmpty();
      assertThat(family.probes(new short[DIMENSIONS], 0, 5)).isEmpty();
    }
    assertThatThrownBy(() -> new CrossPolytope(0, 1, 8, 0, 1, 0))
        .hasMessage("at least 1 table is wanted, found 0");
    assertThatThrownBy(() -> new CrossPolytope(1, 64, 8, 0, 1, 0))
        .hasMessage("1 to 63 functions a table, found 64");
    assertThatThrownBy(() -> new CrossPolytope(1, 1, 5000, 0, 1, 0))
        .hasMessage("an encoding has 1 to 4096 dimensions, found 5000");
    assertThatThrownBy(() -> new CrossPolytope(1, 1, 8, -1, 1, 0))
        .hasMessage("the margin is 0 or more, found -1.0");
    assertThatThrownBy(() -> new EuclideanSteps(1, 1, 8, 0, 0, 1, 0))
        .hasMessage("the width of a step is at least 1, found 0");
    assertThatThrownBy(() -> new ComponentSigns(1, 9, 8, 0, 1, 0))
        .hasMessage("a table samples at most the 8 components there are, found 9");
    assertThatThrownBy(() -> new SimHash(1, 64, 1, 0)).hasMessageContaining("64");
    assertThatThrownBy(() -> new MinHashFamily(new Banding(1, 1), 33, 1, 0))
        .hasMessage("1 to 32 bits of a component are kept, found 33");
  }

  private static int meet(HashFamily<short[]> family, short[][] vectors, int count) {
    Set<Long> stored = new HashSet<>();
    for (long key : family.keys(vectors[0], 0)) {
      stored.add(key);
    }
    return Arrays.stream(family.probes(vectors[1], 0, count)).anyMatch(stored::contains) ? 1 : 0;
  }
}

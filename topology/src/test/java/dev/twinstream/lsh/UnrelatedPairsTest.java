package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The distribution of unrelated pairs. */
class UnrelatedPairsTest {
  /** East, north, west, north-east: six pairs, of which one is said to be related. */
  @Test
  void shouldCountEveryPairThatIsNotRelated() {
    List<short[]> encodings =
        List.of(new short[] {9, 0}, new short[] {0, 7}, new short[] {-5, 0}, new short[] {6, 6});
    UnrelatedPairs all = UnrelatedPairs.measured(encodings, 2, (i, j) -> true);
    assertThat(all.lines()).containsExactly("-0.9950 1", "-0.7050 1", "0.0050 2", "0.7050 2");
    UnrelatedPairs some = UnrelatedPairs.measured(encodings, 0.5, (i, j) -> j == 1);
    assertThat(some.lines()).containsExactly("-0.9950 1", "-0.7050 1", "0.0050 2", "0.7050 1");
    assertThat(some.mean(cosine -> cosine > 0.5 ? 1 : 0)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void shouldReadWhatItWrites() {
    List<String> lines = List.of("# cosine, pairs", "", "-0.5 3", " 0.25");
    UnrelatedPairs pairs = UnrelatedPairs.parse(lines);
    assertThat(pairs.lines()).containsExactly("-0.5000 3", "0.2500 1");
    assertThat(UnrelatedPairs.parse(pairs.lines()).lines()).isEqualTo(pairs.lines());
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> UnrelatedPairs.parse(List.of("much")))
        .hasMessage("a line of unrelated pairs is a similarity and a count, found: much");
    assertThatThrownBy(() -> UnrelatedPairs.parse(List.of("0.5 1 2")))
        .hasMessageContaining("found: 0.5 1 2");
    assertThatThrownBy(() -> UnrelatedPairs.parse(List.of("1.5")))
        .hasMessage("a similarity is -1 to 1, of at least 1 pair, found 1.5 of 1");
  }
}

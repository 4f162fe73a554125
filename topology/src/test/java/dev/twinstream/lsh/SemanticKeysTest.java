package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.lsh.SemanticParameters.Family;
import dev.twinstream.model.Bundle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The keys of encodings, with and without a centring. */
class SemanticKeysTest {
  private static final SemanticParameters DEFAULTS =
      new SemanticParameters(Family.CROSS_POLYTOPE, 8, 2, 40, 1);

  private static final short[] ENCODING = {400, -3000, 200, 20_000};

  private static Centring turned() {
    short one = (short) Centring.ONE;
    return new Centring(
        new short[] {100, 200, 300, 400},
        new short[][] {{0, one, 0, 0}, {one, 0, 0, 0}, {0, 0, 0, one}});
  }

  /**
   * With the centring that ships; numbers of the second implementation, see {@link
   * FamilyKnownAnswersTest}. They change when the centring is fitted anew.
   */
  @Test
  void shouldKeepTheKeysOfTheShippedCentring() {
    short[] encoding = new short[256];
    for (int i = 0; i < encoding.length; i++) {
      encoding[i] = (short) Math.floorDiv((short) (Mixer.stream(44, i) >>> 48), 8);
    }
    Centring shipped = Centring.fromBytes(ByteBuffer.wrap(Bundle.builtIn().centring()));
    SemanticParameters parameters = new SemanticParameters(Family.CROSS_POLYTOPE, 8, 2, 40, 5);
    assertThat(SemanticKeys.of(parameters, 256, shipped, 3).keys(encoding, 11))
        .containsExactly(
            -5696291554266866589L,
            -6731811858719106949L,
            -8232544755186402368L,
            -2983914024191237926L,
            231036628232385126L,
            7915837735875261824L,
            -3264781281782766269L,
            -911204273859848624L);
  }

  @Test
  void shouldLookUnderItsStoredKeysFirst() {
    for (Family family : Family.values()) {
      SemanticParameters parameters = new SemanticParameters(family, 8, 2, 10, 1);
      SemanticKeys keys = SemanticKeys.of(parameters, 4, turned(), 7);
      long[] stored = keys.keys(ENCODING, 3);
      long[] looked = keys.probes(ENCODING, 3);
      assertThat(stored).hasSize(8).doesNotHaveDuplicates();
      assertThat(looked).hasSize(18).doesNotHaveDuplicates().startsWith(stored);
      assertThat(Arrays.stream(keys.probes(ENCODING, 4)))
          .doesNotContainAnyElementsOf(Arrays.stream(looked).boxed().toList());
    }
  }

  /** Keys of another centring, epoch, seed or family mean other things. */
  @Test
  void shouldTellParametersApart() {
    long[] keys = SemanticKeys.of(DEFAULTS, 4, turned(), 7).keys(ENCODING, 0);
    SemanticParameters seed = new SemanticParameters(Family.CROSS_POLYTOPE, 8, 2, 40, 2);
    SemanticParameters family = new SemanticParameters(Family.HYPERPLANES, 8, 2, 40, 1);
    SemanticParameters euclidean = new SemanticParameters(Family.EUCLIDEAN, 8, 2, 40, 1);
    SemanticParameters wider = new SemanticParameters(Family.EUCLIDEAN, 8, 2, 40, 99_999, 1);
    assertThat(SemanticKeys.of(euclidean, 4, turned(), 7).keys(ENCODING, 0))
        .doesNotContain(keys)
        .doesNotContain(SemanticKeys.of(wider, 4, turned(), 7).keys(ENCODING, 0));
    Centring other = new Centring(new short[] {100, 200, 300, 401}, new short[0][]);
    assertThat(keys)
        .doesNotContain(SemanticKeys.of(DEFAULTS, 4, null, 7).keys(ENCODING, 0))
        .doesNotContain(SemanticKeys.of(DEFAULTS, 4, other, 7).keys(ENCODING, 0))
        .doesNotContain(SemanticKeys.of(DEFAULTS, 4, turned(), 8).keys(ENCODING, 0))
        .doesNotContain(SemanticKeys.of(seed, 4, turned(), 7).keys(ENCODING, 0))
        .doesNotContain(SemanticKeys.of(family, 4, turned(), 7).keys(ENCODING, 0));
  }

  @Test
  void shouldNameWhatItRefuses() {
    assertThatThrownBy(() -> SemanticKeys.of(DEFAULTS, 5, turned(), 7))
        .hasMessage(
            "the centring is for encodings of 4 components, the model's have 5: fit it anew with"
                + " lsh fit");
    assertThatThrownBy(() -> new SemanticParameters(Family.HYPERPLANES, 9, 2, 48, 1))
        .hasMessage("1 to 8 semantic tables are stored, found 9");
    assertThatThrownBy(() -> new SemanticParameters(Family.HYPERPLANES, 8, 2, -1, 1))
        .hasMessageContaining("found -1");
    assertThatThrownBy(() -> Family.of("cubes")).hasMessageContaining("found cubes");
  }
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The same text gives the same keys on any machine and day: the numbers here never change. */
class LexicalKnownAnswersTest {
  private static final String TEXT =
      "The Quick\tbrown fox \uFB01nds  \u7530\u4E2D\u3055\u3093\u306F\u6771\u4EAC\u306B"
          + "\u4F4F\u3093\u3067\u3044\u308B, e\u0301tude 42.";

  private final LexicalSketcher sketcher = new LexicalSketcher(3, 64, new Banding(8, 8), 7, 1);

  @Test
  void shouldNormalise() {
    assertThat(TextNormalizer.normalize(" A\u0000b \uD800 \uFF21 ")).isEqualTo("a b \uFFFD a");
    assertThat(TextNormalizer.normalize(TEXT))
        .isEqualTo(
            "the quick brown fox finds \u7530\u4E2D\u3055\u3093\u306F\u6771\u4EAC\u306B"
                + "\u4F4F\u3093\u3067\u3044\u308B, \u00E9tude 42.");
  }

  @Test
  void shouldKeepItsAnswers() {
    LexicalSketch sketch = sketcher.sketch(TEXT, "scope");
    assertThat(sketch.shingles()).isEqualTo(SHINGLES);
    assertThat(Arrays.hashCode(sketch.signature())).isEqualTo(SIGNATURE);
    assertThat(sketch.keys()[0]).isEqualTo(FIRST_KEY);
    assertThat(sketch.keys()[7]).isEqualTo(LAST_KEY);
    assertThat(sketch.textHash1()).isEqualTo(TEXT_HASH);
  }

  @Test
  void shouldGiveOtherScopesOtherKeys() {
    assertThat(sketcher.sketch(TEXT, "a").keys())
        .doesNotContain(sketcher.sketch(TEXT, "b").keys())
        .doesNotContain(sketcher.sketch(TEXT, null).keys());
  }

  @Test
  void shouldGiveAnEmptyTextNoKeys() {
    assertThat(sketcher.sketch(" \n ", null).keys()).isEmpty();
    assertThat(sketcher.sketch("one", null).shingles()).isEqualTo(1);
  }

  private static final int SHINGLES = 13;
  private static final int SIGNATURE = -805430356;
  private static final long FIRST_KEY = 3158269172169581055L;
  private static final long LAST_KEY = 620279528587510663L;
  private static final long TEXT_HASH = -5785564098661333640L;
}

package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.Normalizer2;
import java.util.Arrays;
import java.util.Random;
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
  void shouldNotTakeTheSquareOfManyMarksOnOneLetter() {
    Normalizer2 fold = Normalizer2.getNFKCCasefoldInstance();
    String marks = "\u0301\u0316";
    // Half width sound marks become combining ones, and the grapheme joiner becomes nothing.
    for (String mark : new String[] {marks, "\uFF9E\u0301", "\u0301\u034F\u0316"}) {
      String text = TextNormalizer.normalize("a" + mark.repeat(200_000) + "b");
      assertThat(text).endsWith("b").hasSizeGreaterThan(300_000);
    }
    assertThat(TextNormalizer.normalize("a" + marks.repeat(15) + " b"))
        .isEqualTo(fold.normalize("a" + marks.repeat(15) + " b"));
    assertThat(TextNormalizer.normalize("a" + marks.repeat(17)))
        .isEqualTo(fold.normalize("a" + marks.repeat(15)) + fold.normalize(marks.repeat(2)));
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

  /** The numbers come from a second implementation, in another language. */
  @Test
  void shouldAgreeWithASecondImplementation() {
    LexicalSketcher small = new LexicalSketcher(3, 4, new Banding(2, 2), 7, 1);
    LexicalSketch sketch = small.sketch("The quick brown fox jumps\nover the LAZY dog!", "scope");
    assertThat(sketch.shingles()).isEqualTo(7);
    assertThat(sketch.signature()).containsExactly(-26, 1, 20, -124, -99, -7);
    assertThat(sketch.keys()).containsExactly(-5755428477501444100L, 5399237455450322041L);
  }

  @Test
  void shouldFoldTextAroundAsciiAsAWhole() {
    Random random = new Random(1);
    String alphabet =
        "aZ 9\u00E9e\u0301\u0327\uFB01\u1E9E\u0345\u03A3\u1100\u1161\u11A8\u212B\u0130";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String whole = Normalizer2.getNFKCCasefoldInstance().normalize(text);
      assertThat(TextNormalizer.normalize(text.toString()))
          .isEqualTo(whole.strip().replaceAll(" +", " "));
    }
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
  private static final int SIGNATURE = 922793063;
  private static final long FIRST_KEY = 8655622963421487234L;
  private static final long LAST_KEY = 1010148744028242526L;
  private static final long TEXT_HASH = -5785564098661333640L;
}

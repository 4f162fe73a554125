package dev.twinstream.lsh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents with markup are the texts that one reads in them. */
class MarkupTest {
  private static final int HOSTILE_CHARACTERS = 4_000_000;

  private final LexicalSketcher keeping = sketcher(Markup.KEEP);
  private final LexicalSketcher stripping = sketcher(Markup.STRIP);

  private static LexicalSketcher sketcher(Markup markup) {
    return new LexicalSketcher(3, 64, new Banding(8, 8), 7, 1, null, markup);
  }

  private static String strip(String text) {
    return Markup.STRIP.normalize(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<p class=\"x\">Hello &amp; you</p>            | hello & you",
        "one<br>two<td>three</td><TD>four</TD>         | one two three four",
        "so<b>me</b> wo<!-- no word -->rds             | some words",
        "a<script src=\"b\">if (a < b) c</script>d     | a d",
        "<style type='>'>p > b {}</STYLE >seen         | seen",
        "<a title='1 > 0' href=x\"y>link</a>           | link",
        "<!DOCTYPE html><html><?xml v=\"1\"?><x:y/>z   | z",
        "<t><![CDATA[x < y]]></t>                      | x < y",
        "&lt;b&gt; &#65;&#x42; &eacute;&nbsp;&hellip;  | <b> ab \u00e9 ...",
        "it&#146;s &#x1F600; &amp;lt;                  | it\u2019s \ud83d\ude00 &lt;",
        "&#; &#x; &#xg; &#99999999; &#-1; &; &&amp;    | &#; &#x; &#xg; &#99999999; &#-1; &; &&",
        "1 < 2 and 3 > 2, <3, </ >, a<                 | 1 < 2 and 3 > 2, <3, </ >, a<",
        "AT&T &c. &zz; a?b&copy=c                      | at&t &c. &zz; a?b&copy=c",
        "nothing ends <b                               | nothing ends <b",
        "nothing ends <!-- this                        | nothing ends <!-- this",
        "nothing ends <![CDATA[ this                   | nothing ends <![cdata[ this",
        "nothing ends <script>this                     | nothing ends this",
        "no quote ends <a b=\"this>here</a>            | no quote ends here",
        "<!-->a comment<!>, too                        | a comment, too",
        "<script src=a />one<script>no</script>two     | one two",
        "<style/>one</style>                           | one",
        "a<?php $b->c(); ?>d<?x y>e                    | ade"
      })
  void shouldReadWhatAReaderSees(String text, String read) {
    assertThat(strip(text)).isEqualTo(read);
    assertThat(Markup.KEEP.normalize(text)).isEqualTo(TextNormalizer.normalize(text));
  }

  @Test
  void shouldTakeATextInMarkupForTheTextItself() {
    LexicalSketch plain = stripping.sketch("Hello & you", null);
    LexicalSketch marked = stripping.sketch("<p class=\"x\">Hello &amp; you</p>", null);
    assertThat(marked.textHash1()).isEqualTo(plain.textHash1());
    assertThat(marked.textHash2()).isEqualTo(plain.textHash2());
    assertThat(marked.keys()).isEqualTo(plain.keys());
    assertThat(keeping.sketch("<p>Hello", null).textHash1())
        .isNotEqualTo(keeping.sketch("Hello", null).textHash1());
    assertThat(stripping.sketch("<p><br/></p>", null).keys()).isEmpty();
  }

  @Property
  void shouldLeaveTextWithoutMarkupAsItIs(@ForAll String any) {
    String text = any.replaceAll("[<&]", "");
    LexicalSketch kept = keeping.sketch(text, "scope");
    LexicalSketch stripped = stripping.sketch(text, "scope");
    assertThat(stripped.keys()).isEqualTo(kept.keys());
    assertThat(stripped.textHash1()).isEqualTo(kept.textHash1());
  }

  @Property
  void shouldReadAnyTextThatIsWrittenAsMarkup(@ForAll String text) {
    String written = "<div>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</div>";
    assertThat(strip(written)).isEqualTo(Markup.KEEP.normalize(text));
  }

  /** What opens, closes and quotes, in any order. */
  @Property
  void shouldTakeAnything(@ForAll("pieces") String text) {
    assertThat(strip(text)).isNotNull();
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
            "<",
            ">",
            "/",
            "!",
            "--",
            "-->",
            "<!--",
            "<![CDATA[",
            "]]>",
            "?",
            "\"",
            "'",
            "=",
            " ",
            "a",
            "script",
            "<script",
            "</style",
            "&",
            "#",
            "x",
            ";",
            "amp",
            "9999999999",
            "\ud800")
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  /** Twice as much takes twice as long; none of these is to take the square of its length. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<i>",
        "<div><p>",
        "</i>",
        "<a",
        "<a ",
        "<a b=\"",
        "<a b='<a b=\"",
        "b=\"<a\" ",
        "<a b=\"'>",
        "<!--",
        "<!-- --",
        "<![CDATA[",
        "<script>",
        "<script>x</scrip",
        "<script><style>",
        "<?",
        "<!",
        "</",
        "<",
        "&",
        "&amp",
        "&amp;",
        "&#",
        "&#1",
        "&#1;",
        "&#a;",
        "&zz;",
        "&a",
        "a&lt;<b>"
      })
  void shouldTakeTimeByTheLengthOfHostileText(String piece) {
    String text = piece.repeat(HOSTILE_CHARACTERS / piece.length());
    for (String hostile : new String[] {text, text + ">", "<a " + text + "><b"}) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(30), () -> assertThat(MarkupStripper.strip(hostile)).isNotNull());
    }
  }

  @Test
  void shouldReadThroughDeepNesting() {
    String nested = "<div>".repeat(20_000) + "in <i>here</i>" + "</div>".repeat(20_000);
    assertThat(strip(nested)).isEqualTo("in here");
    assertThat(strip("<b>".repeat(20_000) + "in <i>here")).isEqualTo("in here");
  }
}

package dev.twinstream.dedup;

import dev.twinstream.lsh.Banding;
import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.LexicalSketcher;
import dev.twinstream.lsh.Markup;
import dev.twinstream.lsh.Overlap;
import dev.twinstream.lsh.PartSketcher;
import dev.twinstream.schemas.internal.Sketch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What the application would say of two texts, without encodings, with an option on or off. */
public final class ContainmentVerdicts {
  private static final int COMPONENTS = 256;
  private static final PairRule RULE =
      new PairRule(new TwinDecision(TwinModel.STANDARD, 0.5), COMPONENTS);

  private final LexicalSketcher sketcher;
  private final SketchKeys keys;

  /**
   * @param looksForContained whether {@code dedup.containment} is {@code winnowed}
   */
  public ContainmentVerdicts(boolean looksForContained) {
    PartSketcher parts = looksForContained ? new PartSketcher(1) : null;
    sketcher = new LexicalSketcher(3, COMPONENTS, new Banding(20, 2), 1, 0, parts, Markup.KEEP);
    keys = new SketchKeys(sketcher, null, parts);
  }

  private Sketch sketch(String text) {
    LexicalSketch lexical = sketcher.sketch(text, null);
    return new Sketch(
        0L,
        lexical.textHash2(),
        lexical.shingles(),
        ByteBuffer.wrap(lexical.signature()),
        null,
        PartSketches.sketch(lexical));
  }

  /** Whether two texts meet, and are taken for versions of one or for a part and its whole. */
  public boolean finds(String a, String b) {
    Sketch first = sketch(a);
    Sketch second = sketch(b);
    long[] stored = keys.keys(first);
    return Arrays.stream(keys.keys(second))
            .anyMatch(key -> Arrays.stream(stored).anyMatch(other -> other == key))
        && RULE.isPair(first, second);
  }

  /** The probability that the shorter of two texts is contained in the longer, by their samples. */
  public double probability(String a, String b) {
    Overlap overlap = PartSketches.of(sketch(a), sketch(b));
    return overlap == null
        ? 0
        : BinomialTail.shareAtLeast(TwinDecision.CONTAINED, overlap.common(), overlap.sampled());
  }
}

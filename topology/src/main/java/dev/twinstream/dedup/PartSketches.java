package dev.twinstream.dedup;

import dev.twinstream.lsh.LexicalSketch;
import dev.twinstream.lsh.Overlap;
import dev.twinstream.lsh.Parts;
import dev.twinstream.lsh.ShingleSample;
import dev.twinstream.schemas.internal.PartSketch;
import dev.twinstream.schemas.internal.SampleOverlap;
import dev.twinstream.schemas.internal.Sketch;

/** What sketches may have for texts inside others, and its comparison. */
final class PartSketches {
  private PartSketches() {}

  /**
   * How much of the shorter text's sample is in the longer's.
   *
   * @return null where the texts are too much of a length for the one to be a part of the other, or
   *     there is nothing to compare
   */
  static Overlap of(Sketch a, Sketch b) {
    Sketch shorter = a.getShingles() <= b.getShingles() ? a : b;
    Sketch longer = shorter == a ? b : a;
    if (a.getParts() == null
        || b.getParts() == null
        || longer.getShingles() < TwinDecision.LEAST_LENGTH_RATIO * shorter.getShingles()) {
      return null;
    }
    Overlap overlap = sample(shorter).in(sample(longer));
    return overlap.sampled() == 0 ? null : overlap;
  }

  private static ShingleSample sample(Sketch sketch) {
    return ShingleSample.unpack(sketch.getParts().getSample());
  }

  /** What a sketch keeps of a text's parts. */
  static PartSketch sketch(LexicalSketch lexical) {
    Parts parts = lexical.partsOrNull();
    return parts == null ? null : new PartSketch(parts.packedFingerprints(), parts.sample().pack());
  }

  /** As it is kept with a link. */
  static SampleOverlap stored(Overlap overlapOrNull) {
    return overlapOrNull == null
        ? null
        : new SampleOverlap(overlapOrNull.common(), overlapOrNull.sampled());
  }

  /** The inverse of {@link #stored}. */
  static Overlap read(SampleOverlap storedOrNull) {
    return storedOrNull == null
        ? null
        : new Overlap(storedOrNull.getCommon(), storedOrNull.getSampled());
  }
}

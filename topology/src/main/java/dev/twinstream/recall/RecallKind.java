package dev.twinstream.recall;

/** Where true pairs come from. */
public enum RecallKind {
  /** A retained document and a {@link DamagedCopy} of it. */
  PROBE,
  /** A newcomer and a member of a {@link SketchReservoir}. */
  SAMPLE
}

package dev.twinstream.recall;

/** Where true pairs come from. */
public enum RecallKind {
  /** A retained document and a {@link DamagedCopy} of it. */
  PROBE,
  /** Of those, the ones with a bucket key in common: what is lost of them, full buckets lost. */
  REACHABLE_PROBE,
  /** A newcomer and a member of a {@link SketchReservoir}. */
  SAMPLE
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Sketch;

/**
 * The bucket keys of a sketch. They hang on the stored sketch alone, so that a retraction computes
 * the very keys again that an arrival was stored under.
 */
public interface ContentKeys {
  /** Keys that a content is stored under. */
  long[] keys(Sketch sketch);

  /** Keys that a newcomer looks under beside its own. */
  long[] probes(Sketch sketch);
}

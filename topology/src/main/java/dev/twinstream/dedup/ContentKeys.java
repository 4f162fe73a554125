package dev.twinstream.dedup;

import dev.twinstream.schemas.internal.Sketch;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The bucket keys of a sketch. They hang on the stored sketch alone, so that a retraction computes
 * the very keys again that an arrival was stored under.
 */
public interface ContentKeys {
  /** Keys that a content is stored under. */
  long[] keys(Sketch sketch);

  /** What a newcomer is stored and looked for under. */
  Looked looked(Sketch sketch);

  /**
   * @param keys as {@link ContentKeys#keys} gives them
   * @param probes that a newcomer looks under beside its own
   */
  @SuppressWarnings("ArrayRecordComponent") // lives for one call
  record Looked(long[] keys, long[] probes) {
    /** Keys and probes. */
    long[] all() {
      return LongStream.concat(LongStream.of(keys), LongStream.of(probes)).toArray();
    }
  }

  /**
   * Some of the keys that bring a newcomer to a stored content, of the first kind that has some:
   * lexical ones cost next to nothing, and a crowd of near copies shares them.
   */
  List<Long> shared(Sketch stored, Sketch newcomer);
}

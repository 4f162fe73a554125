package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How soon texts and vectors of what is deleted are gone. A broker and RocksDB forget in steps,
 * each of which may take a quarter of the time allowed: a record waits for its segment to end, then
 * for the cleaner, its tombstone for the next one.
 *
 * @param maxAgeMillis the time allowed
 */
record Erasure(long maxAgeMillis) {
  static final String MAX_AGE_MS = "erasure.max.age.ms";

  private static final long DEFAULT_MS = 7L * 24 * 3600 * 1000;
  private static final long LEAST_MS = 10_000;

  static void addTo(ConfigDef definition) {
    definition.define(
        MAX_AGE_MS,
        Type.LONG,
        DEFAULT_MS,
        atLeast(LEAST_MS),
        MEDIUM,
        "How long texts and vectors of a deleted document may remain in topics and stores, the"
            + " input topic left out. What passes between the parts of the application is kept for"
            + " half of it.");
  }

  static Erasure of(TwinstreamConfig config) {
    return new Erasure(config.getLong(MAX_AGE_MS));
  }

  /** How long a record may wait for a step, in milliseconds. */
  long stepMillis() {
    return maxAgeMillis / 4;
  }

  /** How long records are kept in topics that forget all they hold. */
  long retentionMillis() {
    return maxAgeMillis / 2;
  }

  /** Options of topics that keep the last record of each key. */
  Map<String, String> compacted() {
    String step = Long.toString(stepMillis());
    return Map.of(
        TopicConfig.SEGMENT_MS_CONFIG,
        step,
        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
        step,
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        step);
  }

  /**
   * Options of topics that keep records for a time.
   *
   * @param mostMillis keeps them no longer than this
   */
  Map<String, String> passing(long mostMillis) {
    return Map.of(
        TopicConfig.SEGMENT_MS_CONFIG,
        Long.toString(stepMillis()),
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(Math.min(mostMillis, retentionMillis())));
  }
}

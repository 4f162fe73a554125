package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import dev.twinstream.dedup.RecallParameters;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/** How closely the stream watches its own recall. */
final class RecallOptions {
  static final String SAMPLE_ONE_IN = "recall.sample.one.in";
  static final String PROBE_ONE_IN = "recall.probe.one.in";

  private RecallOptions() {}

  static void addTo(ConfigDef definition) {
    definition
        .define(
            SAMPLE_ONE_IN,
            Type.INT,
            16,
            atLeast(0),
            LOW,
            "One in so many new texts is compared with 10,000 stored ones, to estimate recall; 0 ="
                + " none.")
        .define(
            PROBE_ONE_IN,
            Type.INT,
            64,
            atLeast(0),
            LOW,
            "One in so many documents is looked up by a damaged copy of itself, to estimate recall;"
                + " 0 = none.");
  }

  /** Probes have no encodings: without lexical keys nothing would be found by them. */
  static RecallParameters of(TwinstreamConfig config) {
    return new RecallParameters(
        config.getInt(SAMPLE_ONE_IN), config.hasLexicalKeys() ? config.getInt(PROBE_ONE_IN) : 0);
  }
}

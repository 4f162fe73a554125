package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** How texts inside others are found, and what follows from it. */
final class ContainmentOptions {
  static final String CONTAINMENT = "dedup.containment";
  static final String CLUSTERED = "cluster.contained";

  private ContainmentOptions() {}

  static void addTo(ConfigDef definition) {
    definition
        .define(
            CONTAINMENT,
            Type.STRING,
            "none",
            ValidString.in("none", "winnowed"),
            MEDIUM,
            "How short texts are found inside longer ones: winnowed keeps fingerprints of every"
                + " text, about 2 KB for 1,000 words, and finds them at any length; with none"
                + " they are found in texts up to ten times as long, if other keys bring the two"
                + " together. Part of the fingerprint.")
        .define(
            CLUSTERED,
            Type.BOOLEAN,
            false,
            MEDIUM,
            "Whether contained documents join the cluster of their twin, as near ones do. Part of"
                + " the fingerprint.");
  }

  static boolean looksForContained(TwinstreamConfig config) {
    return !config.getString(CONTAINMENT).equals("none");
  }
}

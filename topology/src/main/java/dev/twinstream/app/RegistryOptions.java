package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;

import dev.twinstream.schemas.registry.RegistryConfig;
import dev.twinstream.schemas.serde.AvroSerdes;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Options of how schemas are used, beside Confluent's own keys. */
final class RegistryOptions {
  static final String COMPATIBILITY = "schema.compatibility";

  /** Value of {@link #COMPATIBILITY}: the registry's own. */
  private static final String UNCHANGED = "unchanged";

  private RegistryOptions() {}

  static void addTo(ConfigDef definition) {
    definition
        .define(
            COMPATIBILITY,
            Type.STRING,
            "BACKWARD",
            ValidString.in(
                "BACKWARD",
                "BACKWARD_TRANSITIVE",
                "FORWARD",
                "FORWARD_TRANSITIVE",
                "FULL",
                "FULL_TRANSITIVE",
                "NONE",
                UNCHANGED),
            LOW,
            "What the registry is told to take as changes of the output topics' schemas; unchanged"
                + " leaves its own setting, as does auto.register.schemas=false.")
        .define(
            AvroSerdes.SERDE_CLASS,
            Type.STRING,
            null,
            LOW,
            "Class of another serde of Avro records, such as Confluent's; null takes ours.");
  }

  /** The level that is set on our subjects at start; null leaves the registry's own. */
  static String compatibilityOrNull(TwinstreamConfig config) {
    String level = config.getString(COMPATIBILITY);
    boolean registers = new RegistryConfig(config.registry()).autoRegister();
    return registers && !level.equals(UNCHANGED) ? level : null;
  }
}

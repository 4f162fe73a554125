package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;

import dev.twinstream.schemas.registry.RegistryConfig;
import dev.twinstream.schemas.serde.AvroSerdes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options of how schemas are used, beside Confluent's own keys. */
final class RegistryOptions {
  static final String COMPATIBILITY = "schema.compatibility";

  /** Value of {@link #COMPATIBILITY}: the registry's own. */
  private static final String UNCHANGED = "unchanged";

  private static final Logger LOG = LoggerFactory.getLogger(RegistryOptions.class);

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
                + " leaves its own setting, as do auto.register.schemas=false and another serde.")
        .define(
            AvroSerdes.SERDE_CLASS,
            Type.STRING,
            null,
            LOW,
            "Class of another serde of Avro records, such as Confluent's; null takes ours.");
  }

  private static boolean hasForeignSerde(TwinstreamConfig config) {
    return config.getString(AvroSerdes.SERDE_CLASS) != null;
  }

  /** What the client is configured with. */
  static Map<String, Object> ofClient(TwinstreamConfig config) {
    Map<String, Object> options = new HashMap<>(config.originals());
    // Confluent's client would take our default for a registry in memory, and say nothing.
    if (!hasForeignSerde(config)) {
      options.put(
          TwinstreamConfig.SCHEMA_REGISTRY_URL,
          config.getString(TwinstreamConfig.SCHEMA_REGISTRY_URL));
    }
    return options;
  }

  /**
   * What is wrong with a registry that other processes cannot ask; empty where all is well.
   *
   * @throws ConfigException where no registry is named: no other process could read the outputs
   */
  static Optional<String> warning(TwinstreamConfig config) {
    boolean named = config.originals().containsKey(TwinstreamConfig.SCHEMA_REGISTRY_URL);
    if (!named && !hasForeignSerde(config)) {
      throw new ConfigException(
          TwinstreamConfig.SCHEMA_REGISTRY_URL
              + " is missing: name the schema registry, for example http://registry:8081; without"
              + " one no other process can read the results");
    }
    // What follows a comma may hold a password.
    String url = config.getString(TwinstreamConfig.SCHEMA_REGISTRY_URL).split(",", 2)[0].strip();
    return named && url.startsWith(RegistryConfig.MOCK)
        ? Optional.of(
            TwinstreamConfig.SCHEMA_REGISTRY_URL
                + " is "
                + url
                + ": its schemas are known to this process alone, and die with it; no other one can"
                + " read the results")
        : Optional.empty();
  }

  /**
   * Makes sure that the application can read what another process sends in its format.
   *
   * @throws ConfigException where that is Avro, and no registry is named
   */
  static void requireShared(TwinstreamConfig config) {
    if (config.getString(TwinstreamConfig.DOCUMENTS_FORMAT).equals("avro")) {
      warning(config).ifPresent(sentence -> LOG.warn("{}", sentence));
    }
  }

  /**
   * The level that is set on our subjects at start; null leaves the registry's own, as does another
   * serde, which registers what it writes later.
   */
  static String compatibilityOrNull(TwinstreamConfig config) {
    if (hasForeignSerde(config)) {
      return null;
    }
    String level = config.getString(COMPATIBILITY);
    boolean registers = new RegistryConfig(config.registry()).autoRegister();
    return registers && !level.equals(UNCHANGED) ? level : null;
  }
}

package dev.twinstream.schemas.registry;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** Makes clients from configuration under Confluent's keys. */
public final class SchemaRegistryClients {
  private SchemaRegistryClients() {}

  /**
   * A client for the keys of {@link RegistryConfig}; {@code mock://name} as the URL stays in this
   * process.
   *
   * @throws ConfigException where a value is missing or can't be used; it shows no credentials
   */
  public static SchemaRegistryClient fromConfig(Map<String, ?> config) {
    return of(new RegistryConfig(config));
  }

  /** The same for configuration that was read before. */
  public static SchemaRegistryClient of(RegistryConfig config) {
    String first = config.urls().get(0);
    if (first.startsWith(RegistryConfig.MOCK)) {
      MockSchemaRegistry mock =
          MockSchemaRegistry.named(first.substring(RegistryConfig.MOCK.length()));
      return config.autoRegister() ? mock : mock.lookupOnly();
    }
    return new HttpSchemaRegistryClient(config);
  }
}

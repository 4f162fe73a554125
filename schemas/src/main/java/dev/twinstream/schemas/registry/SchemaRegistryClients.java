package dev.twinstream.schemas.registry;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** Makes clients from configuration under Confluent's keys. */
public final class SchemaRegistryClients {
  private static final String MOCK = "mock://";

  private SchemaRegistryClients() {}

  /**
   * @param config {@code schema.registry.url} (one or more, separated by commas; {@code
   *     mock://name} stays in this process), {@code basic.auth.credentials.source}, {@code
   *     basic.auth.user.info}, {@code auto.register.schemas}
   * @throws ConfigException where the URL is missing
   */
  public static SchemaRegistryClient fromConfig(Map<String, ?> config) {
    String url = text(config, "schema.registry.url", "");
    if (url.isBlank()) {
      throw new ConfigException("schema.registry.url is missing; name the registry's URL");
    }
    if (url.startsWith(MOCK)) {
      return MockSchemaRegistry.named(url.substring(MOCK.length()));
    }
    boolean userInfo = text(config, "basic.auth.credentials.source", "URL").equals("USER_INFO");
    return new HttpSchemaRegistryClient(
        List.of(url.split("\\s*,\\s*")),
        userInfo ? text(config, "basic.auth.user.info", "") : null,
        Boolean.parseBoolean(text(config, "auto.register.schemas", "true")));
  }

  private static String text(Map<String, ?> config, String key, String fallback) {
    Object value = config.get(key);
    return value == null ? fallback : value.toString();
  }
}

package dev.twinstream.app;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/** Logins of the clients, which Kafka reads late and quotes where they are no such thing. */
final class JaasOptions {
  private JaasOptions() {}

  /**
   * @param options may have such options under any prefix
   * @throws ConfigException where one cannot be read; it does not show what stands there, of which
   *     a part may be a password
   */
  static void check(Map<?, ?> options) {
    options.forEach(
        (name, value) -> {
          boolean login = String.valueOf(name).endsWith(SaslConfigs.SASL_JAAS_CONFIG);
          // Kafka's own providers replace what is left of references later.
          boolean whole = value instanceof String text && !text.contains("${");
          if (login && whole && !isReadable((String) value)) {
            throw new ConfigException(
                name
                    + " cannot be read (it is not shown, for it may hold a password); wanted: a"
                    + " class, required, options as name=\"value\" with a backslash before any \" or"
                    + " \\ of the value, and a semicolon");
          }
        });
  }

  private static boolean isReadable(String text) {
    try {
      JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(text)));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}

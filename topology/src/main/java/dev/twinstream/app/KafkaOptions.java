package dev.twinstream.app;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.streams.StreamsConfig;

/** Options of Kafka's that would do nothing here, or harm. */
final class KafkaOptions {
  /** Those that the application sets itself, by one of its own. */
  private static final Map<String, String> OURS_INSTEAD =
      Map.of(
          StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, TwinstreamConfig.STATE_STANDBY_REPLICAS,
          StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, TwinstreamConfig.STATE_TRANSACTIONAL);

  private KafkaOptions() {}

  /**
   * @throws ConfigException where one cannot be taken
   */
  static void check(Map<?, ?> options) {
    OURS_INSTEAD.forEach(
        (kafkas, ours) -> {
          if (options.containsKey(kafkas)) {
            throw new ConfigException(kafkas + " would do nothing here: set " + ours);
          }
        });
    Object guarantee = options.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
    if (guarantee != null && !StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee.toString().trim())) {
      throw new ConfigException(
          StreamsConfig.PROCESSING_GUARANTEE_CONFIG
              + " is "
              + guarantee
              + ": verdicts and clusters rest on "
              + StreamsConfig.EXACTLY_ONCE_V2
              + ", which is the default here; leave it out");
    }
    options.forEach((name, value) -> checkLogin(String.valueOf(name), value));
  }

  /** Kafka reads logins late, and quotes of one that is none what may be its password. */
  private static void checkLogin(String name, Object value) {
    // What is left of references is replaced by Kafka's own providers.
    if (name.endsWith(SaslConfigs.SASL_JAAS_CONFIG)
        && value instanceof String login
        && !login.contains("${")
        && !isReadable(login)) {
      throw new ConfigException(
          name
              + " cannot be read (it is not shown, for it may hold a password); wanted: a class,"
              + " required, options as name=\"value\" with a backslash before any \" or \\ of the"
              + " value, and a semicolon");
    }
  }

  private static boolean isReadable(String login) {
    try {
      JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login)));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}

package dev.twinstream.app;

import dev.twinstream.schemas.registry.RegistryConfig;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;

/**
 * Kafka's clients, and Confluent's serdes with them, ask OAuth issuers only at URLs that a system
 * property names, so that whoever may write a configuration cannot make a server ask others. Here
 * the configuration is the user's own.
 */
final class AllowedUrls {
  static final String PROPERTY = BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG;

  private static final Set<String> OPTIONS =
      Set.of(
          SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL,
          SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL,
          RegistryConfig.BEARER_ISSUER);

  private AllowedUrls() {}

  /** Allows the URLs of issuers among the options, unless the property is set already. */
  static void allow(Map<String, String> options) {
    String urls =
        options.entrySet().stream()
            .filter(option -> OPTIONS.stream().anyMatch(name -> names(option.getKey(), name)))
            .map(option -> option.getValue().strip())
            .filter(url -> !url.isEmpty())
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    if (!urls.isEmpty() && System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, urls);
    }
  }

  /** The same option of one client alone has that client's prefix, as consumer. or admin. */
  private static boolean names(String key, String option) {
    return key.equals(option) || key.endsWith("." + option);
  }
}

package dev.twinstream.schemas.registry;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/** The headers with which a client says who it is. Safe for use by several threads. */
@FunctionalInterface
interface RegistryCredentials {
  /** Value of {@link RegistryConfig#BEARER_SOURCE}: as Kafka's clients. */
  String INHERITED_TOKENS = "SASL_OAUTHBEARER_INHERIT";

  /** Before the token in its header. */
  String BEARER = "Bearer ";

  /**
   * Names and values of headers, by URL of the registry; empty for an unknown client.
   *
   * @throws SchemaRegistryException where a token can't be had
   */
  List<Map<String, String>> headers();

  /**
   * Forgets the token in headers that a registry refused.
   *
   * @return whether another one may be had in its place
   */
  default boolean replace(Map<String, String> refused) {
    return false;
  }

  /**
   * @param tokens asks the issuer of tokens
   * @throws ConfigException where a value is missing; it shows no credentials
   */
  static RegistryCredentials of(RegistryConfig config, HttpClient tokens) {
    String bearer = config.getString(RegistryConfig.BEARER_SOURCE);
    boolean basic = config.originals().containsKey(RegistryConfig.BASIC_SOURCE);
    if (!bearer.isEmpty() && basic) {
      throw new ConfigException(
          "found both "
              + RegistryConfig.BASIC_SOURCE
              + " and "
              + RegistryConfig.BEARER_SOURCE
              + ", wanted one");
    }
    return switch (bearer) {
      case "" -> basic(config);
      case "STATIC_TOKEN" -> {
        // A token that stands in a file often ends with a line break.
        String token = config.getPassword(RegistryConfig.BEARER_TOKEN).value().strip();
        if (token.isEmpty()) {
          throw missing(RegistryConfig.BEARER_TOKEN, RegistryConfig.BEARER_SOURCE, bearer);
        }
        if (!isToken(token)) {
          throw new ConfigException(
              RegistryConfig.BEARER_TOKEN
                  + ": found a space, a line break or a letter that no token has, wanted the token"
                  + " alone");
        }
        yield bearer(config, () -> token, refused -> false);
      }
      default -> {
        OAuthTokens issued = OAuthTokens.of(config, bearer, tokens);
        yield bearer(
            config,
            issued::get,
            refused -> {
              issued.drop(refused);
              return true;
            });
      }
    };
  }

  /** Whether a header can hold it; the JDK's error shows a value that none can. */
  static boolean isToken(String text) {
    return text.matches("[!-~]+");
  }

  private static RegistryCredentials basic(RegistryConfig config) {
    String source = config.getString(RegistryConfig.BASIC_SOURCE);
    List<String> userInfos =
        switch (source) {
          case "USER_INFO" ->
              everywhere(config, config.getPassword(RegistryConfig.BASIC_USER_INFO).value());
          case "SASL_INHERIT" ->
              everywhere(
                  config,
                  inherited(config, source, "username")
                      + ":"
                      + inherited(config, source, "password"));
          // What stands in one URL is not for the servers of the others.
          default -> config.userInfos();
        };
    List<Map<String, String>> headers =
        userInfos.stream().map(userInfo -> basic(source, userInfo)).toList();
    return () -> headers;
  }

  private static <T> List<T> everywhere(RegistryConfig config, T value) {
    return Collections.nCopies(config.urls().size(), value);
  }

  private static Map<String, String> basic(String source, String userInfoOrNull) {
    if (userInfoOrNull == null) {
      return Map.of();
    }
    if (userInfoOrNull.indexOf(':') < 0) {
      throw new ConfigException(
          RegistryConfig.BASIC_USER_INFO
              + ": found "
              + (userInfoOrNull.isEmpty() ? "nothing" : "no colon")
              + ", wanted user:password, as "
              + RegistryConfig.BASIC_SOURCE
              + " is "
              + source);
    }
    byte[] utf8 = userInfoOrNull.getBytes(StandardCharsets.UTF_8);
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(utf8));
  }

  private static RegistryCredentials bearer(
      RegistryConfig config, Supplier<String> token, Predicate<String> drop) {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("target-sr-cluster", config.getString(RegistryConfig.BEARER_CLUSTER));
    others.put("Confluent-Identity-Pool-Id", pool(config));
    others.values().removeIf(String::isEmpty);
    return new RegistryCredentials() {
      @Override
      public List<Map<String, String>> headers() {
        Map<String, String> headers = new LinkedHashMap<>(others);
        headers.put("Authorization", BEARER + token.get());
        return everywhere(config, headers);
      }

      @Override
      public boolean replace(Map<String, String> refused) {
        return drop.test(refused.get("Authorization").substring(BEARER.length()));
      }
    };
  }

  private static String pool(RegistryConfig config) {
    String own = config.getString(RegistryConfig.BEARER_POOL);
    boolean inherits = config.getString(RegistryConfig.BEARER_SOURCE).equals(INHERITED_TOKENS);
    return own.isEmpty() && inherits
        ? jaasOption(config, "extension_identityPoolId").orElse("")
        : own;
  }

  private static String inherited(RegistryConfig config, String source, String option) {
    return jaasOption(config, option)
        .orElseThrow(
            () ->
                missing(
                    option + " in " + SaslConfigs.SASL_JAAS_CONFIG,
                    RegistryConfig.BASIC_SOURCE,
                    source));
  }

  /**
   * An option of the first login module of Kafka's {@code sasl.jaas.config}, where there is one.
   */
  static Optional<String> jaasOption(RegistryConfig config, String option) {
    Object jaas = config.originals().get(SaslConfigs.SASL_JAAS_CONFIG);
    if (jaas == null) {
      return Optional.empty();
    }
    Password secret = jaas instanceof Password password ? password : new Password((String) jaas);
    return JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, secret))
        .configurationEntries()
        .stream()
        .findFirst()
        .map(module -> module.getOptions().get(option))
        .map(Object::toString);
  }

  static ConfigException missing(String what, String option, String value) {
    return new ConfigException(what + " is missing, as " + option + " is set to " + value);
  }
}

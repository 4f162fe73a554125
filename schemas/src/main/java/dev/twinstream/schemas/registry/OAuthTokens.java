package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;

/**
 * Tokens by OAuth's client credentials grant (RFC 6749, section 4.4), each used until near its end.
 */
final class OAuthTokens {
  /** Of a token whose issuer does not say how long it lives. */
  private static final long UNKNOWN_LIFE_SECONDS = 600;

  private static final String KAFKA_ID = SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID;
  private static final String KAFKA_SECRET =
      SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET;

  private final HttpClient client;
  private final URI issuer;
  private final String name;
  private final String authorization;
  private final String form;
  private final long bufferSeconds;
  private final Duration answerWithin;
  private String token;
  private long replaceAtNanos;

  private OAuthTokens(
      HttpClient client,
      URI issuer,
      String id,
      String secret,
      String scope,
      long bufferSeconds,
      Duration answerWithin) {
    this.client = client;
    this.issuer = issuer;
    this.name = "token issuer " + HttpUrls.shown(issuer);
    byte[] user = (encoded(id) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(user);
    this.form =
        "grant_type=client_credentials" + (scope.isEmpty() ? "" : "&scope=" + encoded(scope));
    this.bufferSeconds = bufferSeconds;
    this.answerWithin = answerWithin;
  }

  /**
   * @param source OAUTHBEARER, or SASL_OAUTHBEARER_INHERIT for what Kafka's clients send to their
   *     issuer, where the registry's own keys name nothing else
   * @throws org.apache.kafka.common.config.ConfigException where a value is missing
   */
  static OAuthTokens of(RegistryConfig config, String source, HttpClient client) {
    boolean inherits = source.equals(RegistryCredentials.INHERITED_TOKENS);
    String issuerKey =
        inherits && config.getString(RegistryConfig.BEARER_ISSUER).isEmpty()
            ? SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL
            : RegistryConfig.BEARER_ISSUER;
    String issuer = text(config, issuerKey).strip();
    if (issuer.isEmpty()) {
      throw RegistryCredentials.missing(issuerKey, RegistryConfig.BEARER_SOURCE, source);
    }
    String id = config.getString(RegistryConfig.BEARER_CLIENT_ID);
    String secret = config.getPassword(RegistryConfig.BEARER_CLIENT_SECRET).value();
    String scope = config.getString(RegistryConfig.BEARER_SCOPE);
    if (inherits) {
      id = id.isEmpty() ? ofKafka(config, KAFKA_ID, "clientId") : id;
      secret = secret.isEmpty() ? ofKafka(config, KAFKA_SECRET, "clientSecret") : secret;
      scope =
          scope.isEmpty() ? ofKafka(config, SaslConfigs.SASL_OAUTHBEARER_SCOPE, "scope") : scope;
    }
    if (id.isEmpty()) {
      throw missing(RegistryConfig.BEARER_CLIENT_ID, "clientId", source);
    }
    if (inherits && secret.isEmpty()) {
      throw missing(RegistryConfig.BEARER_CLIENT_SECRET, "clientSecret", source);
    }
    return new OAuthTokens(
        client,
        HttpUrls.parse(issuerKey, List.of(issuer), 0, "http:// or https://"),
        id,
        secret,
        scope,
        config.getInt(RegistryConfig.BEARER_EXPIRY_BUFFER),
        config.answerWithin());
  }

  /** Kafka takes what it sends as options of their own, or of the login module; else empty. */
  private static String ofKafka(RegistryConfig config, String key, String jaasOption) {
    String own = text(config, key);
    return own.isEmpty() ? RegistryCredentials.jaasOption(config, jaasOption).orElse("") : own;
  }

  private static String text(RegistryConfig config, String key) {
    Object value = Objects.requireNonNullElse(config.originals().get(key), "");
    return value instanceof Password password ? password.value() : value.toString();
  }

  private static ConfigException missing(String key, String jaasOption, String source) {
    boolean inherits = source.equals(RegistryCredentials.INHERITED_TOKENS);
    return RegistryCredentials.missing(
        inherits ? jaasOption + " in " + SaslConfigs.SASL_JAAS_CONFIG : key,
        RegistryConfig.BEARER_SOURCE,
        source);
  }

  /**
   * A token that is valid now.
   *
   * @throws SchemaRegistryException where the issuer gives none
   */
  synchronized String get() {
    if (token == null || System.nanoTime() - replaceAtNanos >= 0) {
      fetch();
    }
    return token;
  }

  /** Forgets a token that a registry refused: it was revoked, or the issuer's keys have changed. */
  synchronized void drop(String refused) {
    // Another thread may have replaced it already.
    if (refused.equals(token)) {
      token = null;
    }
  }

  private void fetch() {
    HttpRequest request =
        HttpRequest.newBuilder(issuer)
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> response = HttpAnswers.get(client, request, answerWithin);
      if (response.statusCode() != 200) {
        // Its body might repeat what was sent.
        throw new SchemaRegistryException(
            name + " answered " + response.statusCode(),
            RegistryHttp.mayChange(response.statusCode())
                ? Reason.UNREACHABLE
                : Reason.UNAUTHORIZED,
            null);
      }
      accept(RegistryHttp.JSON.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw unusable();
    } catch (IOException e) {
      throw new SchemaRegistryException(name + ": " + e, Reason.UNREACHABLE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaRegistryException("interrupted while asking " + name, Reason.UNREACHABLE, e);
    }
  }

  private void accept(JsonNode answer) {
    String given = answer.path("access_token").asText();
    if (!RegistryCredentials.isToken(given)) {
      throw unusable();
    }
    long life = answer.path("expires_in").asLong(UNKNOWN_LIFE_SECONDS);
    // A token that lives shorter than the buffer is used for half its life.
    long used = Math.max(life - bufferSeconds, life / 2);
    token = given;
    replaceAtNanos = System.nanoTime() + Duration.ofSeconds(used).toNanos();
  }

  private SchemaRegistryException unusable() {
    return new SchemaRegistryException(
        name + " answered without an access_token that can be used", Reason.UNAUTHORIZED, null);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

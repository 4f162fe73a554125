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
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;

/**
 * Tokens by OAuth's client credentials grant (RFC 6749, section 4.4), each used until near its end.
 */
final class OAuthTokens {
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** Of a token whose issuer does not say how long it lives. */
  private static final long UNKNOWN_LIFE_SECONDS = 600;

  private final HttpClient client;
  private final URI issuer;
  private final String authorization;
  private final String form;
  private final long bufferSeconds;
  private String token;
  private long replaceAtNanos;

  private OAuthTokens(
      HttpClient client, URI issuer, String id, String secret, String scope, long bufferSeconds) {
    this.client = client;
    this.issuer = issuer;
    byte[] user = (encoded(id) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(user);
    this.form =
        "grant_type=client_credentials" + (scope.isEmpty() ? "" : "&scope=" + encoded(scope));
    this.bufferSeconds = bufferSeconds;
  }

  /**
   * @param source OAUTHBEARER, or SASL_OAUTHBEARER_INHERIT for the issuer that Kafka's clients ask
   */
  static OAuthTokens of(RegistryConfig config, String source, HttpClient client) {
    boolean inherits = source.equals("SASL_OAUTHBEARER_INHERIT");
    String issuerKey =
        inherits ? SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL : RegistryConfig.BEARER_ISSUER;
    String issuer = String.valueOf(config.originals().getOrDefault(issuerKey, ""));
    if (issuer.isEmpty()) {
      throw RegistryCredentials.missing(issuerKey, RegistryConfig.BEARER_SOURCE, source);
    }
    String id =
        inherits
            ? ofKafka(
                config,
                SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID,
                "clientId",
                source)
            : config.getString(RegistryConfig.BEARER_CLIENT_ID);
    String secret =
        inherits
            ? ofKafka(
                config,
                SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET,
                "clientSecret",
                source)
            : config.getPassword(RegistryConfig.BEARER_CLIENT_SECRET).value();
    if (id.isEmpty()) {
      throw RegistryCredentials.missing(
          RegistryConfig.BEARER_CLIENT_ID, RegistryConfig.BEARER_SOURCE, source);
    }
    return new OAuthTokens(
        client,
        URI.create(issuer),
        id,
        secret,
        config.getString(RegistryConfig.BEARER_SCOPE),
        config.getInt(RegistryConfig.BEARER_EXPIRY_BUFFER));
  }

  /** Kafka takes a client's id and secret as options of their own, or of the login module. */
  private static String ofKafka(
      RegistryConfig config, String key, String jaasOption, String source) {
    Object value = config.originals().get(key);
    if (value == null) {
      return RegistryCredentials.jaasOption(config, source, jaasOption);
    }
    return value instanceof Password password ? password.value() : value.toString();
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

  private void fetch() {
    HttpRequest request =
        HttpRequest.newBuilder(issuer)
            .timeout(ANSWER)
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() != 200) {
        // Its body might repeat what was sent.
        throw new SchemaRegistryException(
            "token issuer " + issuer + " answered " + response.statusCode(),
            response.statusCode() / 100 == 5 ? Reason.UNREACHABLE : Reason.UNAUTHORIZED,
            null);
      }
      accept(RegistryHttp.JSON.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw unusable();
    } catch (IOException e) {
      throw new SchemaRegistryException("token issuer " + issuer + ": " + e, Reason.UNREACHABLE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaRegistryException(
          "interrupted while asking token issuer " + issuer, Reason.UNREACHABLE, e);
    }
  }

  private void accept(JsonNode answer) {
    String given = answer.path("access_token").asText();
    if (given.isEmpty()) {
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
        "token issuer " + issuer + " answered without an access_token", Reason.UNAUTHORIZED, null);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

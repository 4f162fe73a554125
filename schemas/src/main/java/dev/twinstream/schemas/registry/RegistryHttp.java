package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One request to a registry of several URLs. The URL that answered last comes first; on connection
 * loss and 5xx the others follow at once, and rounds over all of them with growing pauses. Any
 * other answer is final.
 */
final class RegistryHttp {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** No new try starts later than this after the first. */
  private static final Duration GIVE_UP = Duration.ofSeconds(60);

  private static final int ROUNDS = 5;
  private static final int SHOWN_CHARS = 300;

  /** Not tried again here, but no reason to give a record up: credentials, timeout, throttling. */
  private static final Set<Integer> UNRELATED_TO_SCHEMA = Set.of(401, 403, 408, 429);

  /** Shared: every JDK client has a thread of its own. HTTP/2 upgrades confuse some proxies. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  private final List<String> urls;
  private final String authorizationOrNull;
  private final Duration firstPause;
  private volatile int preferred;

  RegistryHttp(List<String> urls, String userInfoOrNull, Duration firstPause) {
    this.urls = urls;
    this.authorizationOrNull =
        userInfoOrNull == null
            ? null
            : "Basic "
                + Base64.getEncoder()
                    .encodeToString(userInfoOrNull.getBytes(StandardCharsets.UTF_8));
    this.firstPause = firstPause;
  }

  /**
   * @param path begins with a slash
   * @param bodyOrNull posted, or null for GET
   * @throws SchemaRegistryException where no URL gave an answer of 2xx with JSON
   */
  JsonNode call(String path, String bodyOrNull) {
    long end = System.nanoTime() + GIVE_UP.toNanos();
    String last = "";
    IOException cause = null;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0) {
        pause(round, path);
      }
      int first = preferred;
      for (int i = 0; i < urls.size() && System.nanoTime() < end; i++) {
        int at = (first + i) % urls.size();
        String url = urls.get(at) + path;
        try {
          HttpResponse<String> response =
              CLIENT.send(request(url, bodyOrNull), HttpResponse.BodyHandlers.ofString());
          if (response.statusCode() / 100 != 5) {
            preferred = at;
            return json(url, response);
          }
          last = answered(url, response);
          cause = null;
        } catch (IOException e) {
          last = url + ": " + e;
          cause = e;
        } catch (InterruptedException e) {
          throw interrupted(url, e);
        }
      }
    }
    throw new SchemaRegistryException(
        "schema registry: gave up on " + urls.size() + " URL(s); last: " + last, true, cause);
  }

  private static JsonNode json(String url, HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new SchemaRegistryException(
          "schema registry: " + answered(url, response),
          UNRELATED_TO_SCHEMA.contains(response.statusCode()),
          null);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new SchemaRegistryException(
          "schema registry: found no JSON, is this a registry? " + answered(url, response),
          false,
          e);
    }
  }

  private static String answered(String url, HttpResponse<String> response) {
    String body = response.body();
    return url
        + " answered "
        + response.statusCode()
        + ": "
        + (body.length() > SHOWN_CHARS ? body.substring(0, SHOWN_CHARS) + "..." : body);
  }

  private HttpRequest request(String url, String bodyOrNull) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).header("Accept", CONTENT_TYPE);
    if (authorizationOrNull != null) {
      request.header("Authorization", authorizationOrNull);
    }
    if (bodyOrNull != null) {
      request
          .header("Content-Type", CONTENT_TYPE)
          .POST(HttpRequest.BodyPublishers.ofString(bodyOrNull));
    }
    return request.build();
  }

  /** Doubles with every round, give or take a quarter so that instances spread. */
  private void pause(int round, String path) {
    double spread = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
    try {
      Thread.sleep((long) ((firstPause.toMillis() << (round - 1)) * spread));
    } catch (InterruptedException e) {
      throw interrupted(path, e);
    }
  }

  private static SchemaRegistryException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SchemaRegistryException(
        "schema registry: interrupted while asking for " + what, true, e);
  }
}

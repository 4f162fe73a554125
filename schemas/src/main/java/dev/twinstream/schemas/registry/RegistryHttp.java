package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to a registry of several URLs. The URL that answered last comes first; on connection
 * loss, 5xx, 408, 429, 3xx and 2xx without JSON the others follow at once, and rounds over all of
 * them with growing pauses, for half a minute. So they do where the issuer of tokens is away. Any
 * other answer is final.
 */
final class RegistryHttp {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  /** No new try starts later than this after the first. */
  private static final Duration GIVE_UP = Duration.ofSeconds(60);

  private static final int ROUNDS = 12;

  private static final long FIRST_PAUSE_MILLIS = 100;

  /** The longest pause is so many times the first. */
  private static final int LONGEST_PAUSE = 50;

  private static final int SHOWN_CHARS = 300;
  private static final Set<Integer> UNAUTHORIZED = Set.of(401, 403);

  /** Timeout, throttling. */
  private static final Set<Integer> NOT_NOW = Set.of(408, 429);

  /** To PUT: such a registry has no writes of its configuration, now or later. */
  private static final int NOT_IMPLEMENTED = 501;

  private final List<String> urls;
  private final HttpClient client;
  private final RegistryCredentials credentials;
  private final Duration answerWithin;
  private final Sleeper sleeper;
  private volatile int preferred;

  RegistryHttp(RegistryConfig config, Sleeper sleeper) {
    this.urls = config.urls();
    this.client = RegistryTls.client(config.tls());
    this.credentials = RegistryCredentials.of(config, client);
    this.answerWithin = config.answerWithin();
    this.sleeper = sleeper;
  }

  /**
   * @param path begins with a slash
   * @throws SchemaRegistryException where no URL gave an answer of 2xx with a JSON object
   */
  JsonNode get(String path) {
    return call("GET", path, HttpRequest.BodyPublishers.noBody());
  }

  /** As {@link #get}, with a JSON body. */
  JsonNode post(String path, String body) {
    return call("POST", path, HttpRequest.BodyPublishers.ofString(body));
  }

  /** As {@link #get}, with a JSON body. */
  JsonNode put(String path, String body) {
    return call("PUT", path, HttpRequest.BodyPublishers.ofString(body));
  }

  private JsonNode call(String method, String path, HttpRequest.BodyPublisher body) {
    long end = System.nanoTime() + GIVE_UP.toNanos();
    String last = "";
    Exception cause = null;
    long askedMillis = 0;
    boolean replaced = false;
    for (int round = 0; round < ROUNDS && System.nanoTime() < end; round++) {
      if (round > 0) {
        LOG.warn("schema registry: trying again; {}", last);
        pause(round, Math.min(askedMillis, (end - System.nanoTime()) / 1_000_000), path);
      }
      askedMillis = 0;
      List<Map<String, String>> headers;
      try {
        headers = credentials.headers();
      } catch (SchemaRegistryException e) {
        if (e.reason() != Reason.UNREACHABLE || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        last = e.getMessage();
        cause = e;
        continue;
      }
      int first = preferred;
      for (int i = 0; i < urls.size() && System.nanoTime() < end; i++) {
        int at = (first + i) % urls.size();
        String url = urls.get(at) + path;
        try {
          HttpResponse<String> response =
              HttpAnswers.get(client, request(method, url, headers.get(at), body), answerWithin);
          int status = response.statusCode();
          JsonNode answer = status / 100 == 2 ? json(response.body()) : MissingNode.getInstance();
          if (answer.isObject()) {
            preferred = at;
            return answer;
          }
          if (status == 401 && !replaced && credentials.replace(headers.get(at))) {
            replaced = true;
            last = answered(url, response);
            cause = null;
            break;
          }
          boolean lacksWrites = status == NOT_IMPLEMENTED && method.equals("PUT");
          if (status / 100 != 2 && (lacksWrites || !mayChange(status))) {
            preferred = isUnauthorized(status) ? preferred : at;
            throw new SchemaRegistryException(
                "schema registry: " + answered(url, response), reason(status), null);
          }
          last = answered(url, response);
          cause = null;
          askedMillis = Math.max(askedMillis, retryAfterMillis(response));
        } catch (IOException e) {
          last = url + ": " + e;
          cause = e;
        } catch (InterruptedException e) {
          throw interrupted(url, e);
        }
      }
    }
    throw new SchemaRegistryException(
        "schema registry: gave up on " + urls.size() + " URL(s); last: " + last,
        Reason.UNREACHABLE,
        cause);
  }

  /** What is no JSON, as the page of a login, is of another server that stands in between. */
  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static Reason reason(int status) {
    if (isUnauthorized(status)) {
      return Reason.UNAUTHORIZED;
    }
    return switch (status) {
      case 404 -> Reason.UNKNOWN;
      case 409 -> Reason.CONFLICT;
      default -> Reason.FINAL;
    };
  }

  /** Whether other credentials are wanted. */
  static boolean isUnauthorized(int status) {
    return UNAUTHORIZED.contains(status);
  }

  /**
   * Whether the same request may be answered otherwise in a while, with the same credentials. No
   * registry redirects: 3xx comes from another server, which stands in between for the time being.
   */
  static boolean mayChange(int status) {
    return status / 100 == 5 || status / 100 == 3 || NOT_NOW.contains(status);
  }

  /** What the header Retry-After asks for where it gives seconds, else 0. */
  private static long retryAfterMillis(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> 1000 * Long.parseLong(seconds))
        .orElse(0L);
  }

  private static String answered(String url, HttpResponse<String> response) {
    int status = response.statusCode();
    String doubt =
        switch (status / 100) {
          case 2 -> "found no JSON object, is this a registry? ";
          case 3 -> "found a redirect, is this the registry's own URL? ";
          default -> "";
        };
    String location =
        status / 100 == 3
            ? response.headers().firstValue("Location").map(RegistryHttp::led).orElse("")
            : "";
    String body = response.body().isEmpty() ? "(nothing)" : response.body();
    return doubt + url + " answered " + status + location + ": " + shortened(body);
  }

  /** Queries and user infos hold secrets. */
  private static String led(String location) {
    String shown = location.replaceAll("[?#].*", "").replaceAll("//[^/]*@", "//***@");
    return " (Location: " + shortened(shown) + ")";
  }

  private static String shortened(String text) {
    return text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
  }

  private static HttpRequest request(
      String method, String url, Map<String, String> headers, HttpRequest.BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Accept", CONTENT_TYPE)
            .header("Content-Type", CONTENT_TYPE)
            .method(method, body);
    headers.forEach(request::header);
    return request.build();
  }

  /** Doubles with every round, give or take a quarter so that instances spread. */
  private void pause(int round, long leastMillis, String path) {
    double spread = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
    long times = Math.min(1L << (round - 1), LONGEST_PAUSE);
    try {
      sleeper.sleep(Math.max(leastMillis, (long) (FIRST_PAUSE_MILLIS * times * spread)));
    } catch (InterruptedException e) {
      throw interrupted(path, e);
    }
  }

  private static SchemaRegistryException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SchemaRegistryException(
        "schema registry: interrupted while asking for " + what, Reason.UNREACHABLE, e);
  }
}

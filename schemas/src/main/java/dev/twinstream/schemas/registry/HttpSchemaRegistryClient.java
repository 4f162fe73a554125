package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Confluent's REST protocol over the JDK's HTTP client. Connection loss and 5xx are tried again, on
 * the next URL and with growing pauses; 4xx are not.
 */
public final class HttpSchemaRegistryClient implements SchemaRegistryClient {
  private static final int TRIES = 5;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final List<String> urls;
  private final String userInfo;
  private final boolean autoRegister;

  /**
   * @param urls base URLs, tried in turn
   * @param userInfo {@code user:password}, or null
   * @param autoRegister whether an unknown schema is registered; else it is only looked up
   */
  public HttpSchemaRegistryClient(List<String> urls, String userInfo, boolean autoRegister) {
    this.urls = urls.stream().map(u -> u.replaceAll("/+$", "")).toList();
    this.userInfo = userInfo;
    this.autoRegister = autoRegister;
  }

  @Override
  public int register(String subject, Schema schema) {
    String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    try {
      String body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
      return call(autoRegister ? path + "/versions" : path, body).path("id").asInt();
    } catch (JsonProcessingException e) {
      throw new SerializationException("cannot write the schema of " + subject, e);
    }
  }

  @Override
  public Schema byId(int id) {
    return new Schema.Parser().parse(call("/schemas/ids/" + id, null).path("schema").asText());
  }

  private JsonNode call(String path, String bodyOrNull) {
    String last = "";
    for (int attempt = 0; attempt < TRIES; attempt++) {
      String url = urls.get(attempt % urls.size()) + path;
      try {
        HttpResponse<String> response =
            http.send(request(url, bodyOrNull), HttpResponse.BodyHandlers.ofString());
        int status = response.statusCode();
        if (status / 100 == 2) {
          return JSON.readTree(response.body());
        }
        last = url + " answered " + status + ": " + response.body();
        if (status / 100 == 4) {
          break;
        }
      } catch (IOException e) {
        last = url + ": " + e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SerializationException("interrupted while asking " + url, e);
      }
      pause(attempt);
    }
    throw new SerializationException("schema registry: " + last);
  }

  private HttpRequest request(String url, String bodyOrNull) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", CONTENT_TYPE);
    if (userInfo != null) {
      byte[] bytes = userInfo.getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    if (bodyOrNull != null) {
      request
          .header("Content-Type", CONTENT_TYPE)
          .POST(HttpRequest.BodyPublishers.ofString(bodyOrNull));
    }
    return request.build();
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(100L << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Confluent's REST protocol over the JDK's HTTP client. Connection loss and 5xx are tried again, on
 * the next URL and with growing pauses; other answers are final. Ids and schemas never change, so
 * what was answered once is not asked again.
 */
public final class HttpSchemaRegistryClient implements SchemaRegistryClient {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final RegistryHttp http;
  private final boolean autoRegister;
  private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

  private record Registration(String subject, Schema schema) {}

  /**
   * @param urls base URLs, tried in turn
   * @param userInfo {@code user:password}, or null
   * @param autoRegister whether an unknown schema is registered; else it is only looked up
   */
  public HttpSchemaRegistryClient(List<String> urls, String userInfo, boolean autoRegister) {
    this(urls, userInfo, autoRegister, FIRST_PAUSE);
  }

  HttpSchemaRegistryClient(
      List<String> urls, String userInfo, boolean autoRegister, Duration firstPause) {
    this.http =
        new RegistryHttp(
            urls.stream().map(u -> u.replaceAll("/+$", "")).toList(), userInfo, firstPause);
    this.autoRegister = autoRegister;
  }

  @Override
  public int register(String subject, Schema schema) {
    Registration registration = new Registration(subject, schema);
    Integer known = ids.get(registration);
    if (known != null) {
      return known;
    }
    String path =
        "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    JsonNode id = http.call(autoRegister ? path + "/versions" : path, body(schema)).path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(
          "schema registry: found no id in the answer for subject " + subject, false, null);
    }
    ids.put(registration, id.intValue());
    return id.intValue();
  }

  @Override
  public Schema byId(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    Schema schema = parse(id, http.call("/schemas/ids/" + id, null));
    schemas.put(id, schema);
    return schema;
  }

  private static String body(Schema schema) {
    try {
      return RegistryHttp.JSON.writeValueAsString(Map.of("schema", schema.toString()));
    } catch (JsonProcessingException e) {
      throw new SerializationException("cannot write the schema " + schema.getFullName(), e);
    }
  }

  private static Schema parse(int id, JsonNode answer) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new SchemaRegistryException(
          "schema id " + id + ": found a schema of type " + type + ", wanted AVRO", false, null);
    }
    if (!answer.path("references").isEmpty()) {
      throw new SchemaRegistryException(
          "schema id " + id + " has references to other schemas, which are not supported",
          false,
          null);
    }
    try {
      return new Schema.Parser().parse(answer.path("schema").asText());
    } catch (AvroRuntimeException e) {
      throw new SchemaRegistryException(
          "schema id " + id + ": found no Avro schema: " + e.getMessage(), false, e);
    }
  }
}

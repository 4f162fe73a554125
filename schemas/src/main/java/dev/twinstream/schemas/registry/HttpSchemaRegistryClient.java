package dev.twinstream.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Confluent's REST protocol over the JDK's HTTP client. Connection loss, 5xx, 408, 429 and what no
 * registry answers are tried again, on the next URL and with growing pauses; other answers are
 * final. Ids and schemas never change, so what was answered once is not asked again.
 */
public final class HttpSchemaRegistryClient implements SchemaRegistryClient {
  private final RegistryHttp http;
  private final boolean autoRegister;
  private final String normalized;
  private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();
  private final Map<String, Registered> latest = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

  private record Registration(String subject, Schema schema) {}

  /**
   * @throws org.apache.kafka.common.config.ConfigException where keys or credentials can't be used
   */
  public HttpSchemaRegistryClient(RegistryConfig config) {
    this(config, Thread::sleep);
  }

  HttpSchemaRegistryClient(RegistryConfig config, Sleeper sleeper) {
    this.http = new RegistryHttp(config, sleeper);
    this.autoRegister = config.autoRegister();
    this.normalized = config.getBoolean(RegistryConfig.NORMALIZE) ? "?normalize=true" : "";
  }

  @Override
  public int register(String subject, Schema schema) {
    Registration registration = new Registration(subject, schema);
    Integer known = ids.get(registration);
    if (known != null) {
      return known;
    }
    int id = autoRegister ? registered(subject, body(schema)) : found(subject, schema);
    ids.put(registration, id);
    return id;
  }

  private static String body(Schema schema) {
    return json(Map.of("schema", schema.toString()));
  }

  private int registered(String subject, String body) {
    try {
      return id(subject, http.post(subject(subject) + "/versions" + normalized, body));
    } catch (SchemaRegistryException refused) {
      if (refused.reason() != Reason.CONFLICT) {
        throw refused;
      }
      // Apicurio refuses the later of two clients that register one schema at once.
      try {
        return lookedUp(subject, body);
      } catch (SchemaRegistryException unknown) {
        throw unknown.isTemporary() ? unknown : refused;
      }
    }
  }

  /** Also where it was registered as others write it, without the class of strings in Java. */
  private int found(String subject, Schema schema) {
    try {
      return lookedUp(subject, body(schema));
    } catch (SchemaRegistryException unknown) {
      if (unknown.reason() != Reason.UNKNOWN) {
        throw unknown;
      }
      try {
        return lookedUp(subject, body(withoutJavaStrings(schema)));
      } catch (SchemaRegistryException again) {
        throw again.reason() == Reason.UNKNOWN ? toRegister(subject, schema, unknown) : again;
      }
    }
  }

  private static Schema withoutJavaStrings(Schema schema) {
    try {
      JsonNode tree = RegistryHttp.JSON.readTree(schema.toString());
      for (JsonNode type : tree.findParents(GenericData.STRING_PROP)) {
        ((ObjectNode) type).remove(GenericData.STRING_PROP);
      }
      return new Schema.Parser().parse(tree.toString());
    } catch (JsonProcessingException e) {
      throw new SerializationException("cannot read the schema " + schema.getFullName(), e);
    }
  }

  private static SchemaRegistryException toRegister(
      String subject, Schema schema, SchemaRegistryException unknown) {
    return new SchemaRegistryException(
        unknown.getMessage()
            + "; as "
            + RegistryConfig.AUTO_REGISTER
            + " is false, register schemas/released/"
            + schema.getName()
            + ".avsc under "
            + subject
            + ", or set "
            + RegistryConfig.USE_LATEST
            + "=true where another version is there",
        unknown.reason(),
        unknown);
  }

  private int lookedUp(String subject, String body) {
    return id(subject, http.post(subject(subject) + normalized, body));
  }

  @Override
  public Registered latest(String subject) {
    Registered known = latest.get(subject);
    if (known != null) {
      return known;
    }
    JsonNode answer = http.get(subject(subject) + "/versions/latest");
    String what = "latest schema of subject " + subject;
    Registered found = new Registered(id(subject, answer), parsed(what, answer));
    latest.put(subject, found);
    return found;
  }

  @Override
  public Schema byId(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    Schema schema = parsed("schema id " + id, http.get("/schemas/ids/" + id));
    schemas.put(id, schema);
    return schema;
  }

  @Override
  public void setCompatibility(String subject, String level) {
    try {
      putConfig(subject, json(Map.of("compatibility", level)));
    } catch (SchemaRegistryException refused) {
      if (refused.reason() == Reason.UNREACHABLE) {
        throw refused;
      }
      String whom = refused.reason() == Reason.UNAUTHORIZED ? "let this user" : "let the registry";
      throw new SchemaRegistryException(
          refused.getMessage()
              + "; "
              + whom
              + " set the compatibility of the subject "
              + subject
              + ", or set schema.compatibility=unchanged",
          refused.reason(),
          refused);
    }
  }

  private void putConfig(String subject, String body) {
    String path = "/config/" + encoded(subject);
    try {
      http.put(path, body);
    } catch (SchemaRegistryException refused) {
      if (refused.reason() != Reason.CONFLICT) {
        throw refused;
      }
      // Another instance set it for the first time in the same moment (Apicurio): now it is there.
      http.put(path, body);
    }
  }

  private static String subject(String subject) {
    return "/subjects/" + encoded(subject);
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String json(Map<String, String> body) {
    try {
      return RegistryHttp.JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new SerializationException("cannot write " + body.keySet(), e);
    }
  }

  private static int id(String subject, JsonNode answer) {
    JsonNode id = answer.path("id");
    if (!id.isInt()) {
      throw new SchemaRegistryException(
          "schema registry: found no id in the answer for subject " + subject, Reason.FINAL, null);
    }
    return id.intValue();
  }

  private Schema parsed(String what, JsonNode answer) {
    // Defaults that do not fit their types were allowed once, and Confluent's client reads them.
    Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);
    parseReferences(what, answer, parser, new HashSet<>());
    return parse(what, answer, parser);
  }

  /** Types that a schema names stand in schemas of their own, which may name others. */
  private void parseReferences(
      String what, JsonNode answer, Schema.Parser parser, Set<String> parsed) {
    for (JsonNode reference : answer.path("references")) {
      String subject = reference.path("subject").asText();
      // What is referred to may have been deleted as a subject; Confluent's client reads it then.
      String path =
          subject(subject) + "/versions/" + reference.path("version").asText() + "?deleted=true";
      if (parsed.add(path)) {
        String name = what + ", which refers to " + reference.path("name").asText();
        JsonNode referred = http.get(path);
        parseReferences(name, referred, parser, parsed);
        parse(name, referred, parser);
      }
    }
  }

  private static Schema parse(String what, JsonNode answer, Schema.Parser parser) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new SchemaRegistryException(
          what + ": found a schema of type " + type + ", wanted AVRO", Reason.FINAL, null);
    }
    try {
      return parser.parse(answer.path("schema").asText());
    } catch (AvroRuntimeException e) {
      throw new SchemaRegistryException(
          what + ": found no Avro schema: " + e.getMessage(), Reason.FINAL, e);
    }
  }
}

package dev.twinstream.schemas.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/** A registry in this process, one a name: {@code mock://name}. */
public final class MockSchemaRegistry implements SchemaRegistryClient {
  private static final Map<String, MockSchemaRegistry> BY_NAME = new ConcurrentHashMap<>();

  private final List<Schema> schemas = new ArrayList<>();

  private MockSchemaRegistry() {}

  /** The registry of that name, made where it is new. */
  public static MockSchemaRegistry named(String name) {
    return BY_NAME.computeIfAbsent(name, n -> new MockSchemaRegistry());
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    int at = schemas.indexOf(schema);
    if (at < 0) {
      schemas.add(schema);
      at = schemas.size() - 1;
    }
    return at + 1;
  }

  @Override
  public synchronized Schema byId(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new SerializationException(
          "schema id " + id + " is unknown; this registry has " + schemas.size() + " schemas");
    }
    return schemas.get(id - 1);
  }
}

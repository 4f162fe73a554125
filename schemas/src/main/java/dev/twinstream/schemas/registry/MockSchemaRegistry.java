package dev.twinstream.schemas.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * A registry in this process, one a name: {@code mock://name}. As in a real one, a schema has the
 * same id under every subject. It checks no compatibility.
 */
public final class MockSchemaRegistry implements SchemaRegistryClient {
  private static final Map<String, MockSchemaRegistry> BY_NAME = new ConcurrentHashMap<>();

  private final List<Schema> schemas = new ArrayList<>();
  private final Map<Schema, Integer> ids = new HashMap<>();
  private final Map<String, Set<Integer>> idsBySubject = new HashMap<>();

  private MockSchemaRegistry() {}

  /** The registry of that name, made where it is new. */
  public static MockSchemaRegistry named(String name) {
    return BY_NAME.computeIfAbsent(name, n -> new MockSchemaRegistry());
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    Integer id = ids.get(schema);
    if (id == null) {
      schemas.add(schema);
      id = schemas.size();
      ids.put(schema, id);
    }
    idsBySubject.computeIfAbsent(subject, s -> new HashSet<>()).add(id);
    return id;
  }

  @Override
  public synchronized Schema byId(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new SchemaRegistryException(
          "schema id " + id + " is unknown; this registry has " + schemas.size() + " schemas",
          false,
          null);
    }
    return schemas.get(id - 1);
  }

  /** This registry as a client sees it that may not register. */
  SchemaRegistryClient lookupOnly() {
    return new SchemaRegistryClient() {
      @Override
      public int register(String subject, Schema schema) {
        return lookup(subject, schema);
      }

      @Override
      public Schema byId(int id) {
        return MockSchemaRegistry.this.byId(id);
      }
    };
  }

  private synchronized int lookup(String subject, Schema schema) {
    Integer id = ids.get(schema);
    if (id == null || !idsBySubject.getOrDefault(subject, Set.of()).contains(id)) {
      throw new SchemaRegistryException(
          "subject "
              + subject
              + " does not hold the schema "
              + schema.getFullName()
              + ", and auto.register.schemas is false",
          false,
          null);
    }
    return id;
  }
}

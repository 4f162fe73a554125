package dev.twinstream.schemas.registry;

import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, List<Integer>> idsBySubject = new HashMap<>();

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
    List<Integer> versions = idsBySubject.computeIfAbsent(subject, s -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  @Override
  public synchronized Registered latest(String subject) {
    List<Integer> versions = idsBySubject.getOrDefault(subject, List.of());
    if (versions.isEmpty()) {
      throw new SchemaRegistryException(
          "subject " + subject + " has no schemas", Reason.FINAL, null);
    }
    int id = versions.get(versions.size() - 1);
    return new Registered(id, byId(id));
  }

  @Override
  public synchronized Schema byId(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new SchemaRegistryException(
          "schema id " + id + " is unknown; this registry has " + schemas.size() + " schemas",
          Reason.FINAL,
          null);
    }
    return schemas.get(id - 1);
  }

  /** Nothing is checked, so nothing is set. */
  @Override
  public void setCompatibility(String subject, String level) {}

  /** This registry as a client sees it that may not register. */
  SchemaRegistryClient lookupOnly() {
    return new SchemaRegistryClient() {
      @Override
      public int register(String subject, Schema schema) {
        return lookup(subject, schema);
      }

      @Override
      public Registered latest(String subject) {
        return MockSchemaRegistry.this.latest(subject);
      }

      @Override
      public Schema byId(int id) {
        return MockSchemaRegistry.this.byId(id);
      }

      @Override
      public void setCompatibility(String subject, String level) {}
    };
  }

  private synchronized int lookup(String subject, Schema schema) {
    Integer id = ids.get(schema);
    if (id == null || !idsBySubject.getOrDefault(subject, List.of()).contains(id)) {
      throw new SchemaRegistryException(
          "subject "
              + subject
              + " does not hold the schema "
              + schema.getFullName()
              + ", and auto.register.schemas is false",
          Reason.FINAL,
          null);
    }
    return id;
  }
}

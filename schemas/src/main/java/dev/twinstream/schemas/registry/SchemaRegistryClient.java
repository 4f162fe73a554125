package dev.twinstream.schemas.registry;

import org.apache.avro.Schema;

/** What serdes need of a schema registry. Implementations are safe for use by several threads. */
public interface SchemaRegistryClient {
  /** A schema with its id. */
  record Registered(int id, Schema schema) {}

  /**
   * The id of a schema under a subject. The schema is registered where it is new, or, with {@code
   * auto.register.schemas=false}, only looked up.
   *
   * @throws SchemaRegistryException where the registry refuses the schema, does not know it
   *     (without registration), or can't be reached
   */
  int register(String subject, Schema schema);

  /**
   * The latest schema of a subject, as of the first time that it was asked for.
   *
   * @throws SchemaRegistryException where there is none, or as {@link #byId} does
   */
  Registered latest(String subject);

  /**
   * The schema of an id.
   *
   * @throws SchemaRegistryException where the id is unknown, its schema is no Avro schema, or the
   *     registry can't be reached
   */
  Schema byId(int id);

  /**
   * Sets which changes of a subject's schema the registry takes from now on.
   *
   * @param level BACKWARD, FORWARD, FULL, each also with _TRANSITIVE, or NONE
   * @throws SchemaRegistryException where the registry refuses or can't be reached
   */
  void setCompatibility(String subject, String level);
}

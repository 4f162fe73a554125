package dev.twinstream.schemas.registry;

import org.apache.avro.Schema;

/** What serdes need of a schema registry. Implementations are safe for use by several threads. */
public interface SchemaRegistryClient {
  /**
   * The id of a schema under a subject. The schema is registered where it is new, or, with {@code
   * auto.register.schemas=false}, only looked up.
   *
   * @throws SchemaRegistryException where the registry refuses the schema, does not know it
   *     (without registration), or can't be reached
   */
  int register(String subject, Schema schema);

  /**
   * The schema of an id.
   *
   * @throws SchemaRegistryException where the id is unknown, its schema is not an Avro schema that
   *     stands alone, or the registry can't be reached
   */
  Schema byId(int id);
}

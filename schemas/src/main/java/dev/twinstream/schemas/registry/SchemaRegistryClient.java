package dev.twinstream.schemas.registry;

import org.apache.avro.Schema;

/** What serdes need of a schema registry. */
public interface SchemaRegistryClient {
  /** The schema's id; registers it under the subject where it is new. */
  int register(String subject, Schema schema);

  /**
   * @throws org.apache.kafka.common.errors.SerializationException where the id is unknown
   */
  Schema byId(int id);
}

package dev.twinstream.dedup;

import dev.twinstream.schemas.Document;
import org.apache.kafka.common.errors.SerializationException;

/** Reads a document from a record's bytes, in the format that the input topic has. */
@FunctionalInterface
public interface DocumentParser {
  /**
   * @throws SerializationException where the bytes are no such document; the message is the cause
   *     that the dead letter names
   */
  Document parse(String topic, byte[] keyOrNull, byte[] valueOrNull);
}

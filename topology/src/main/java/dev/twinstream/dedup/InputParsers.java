package dev.twinstream.dedup;

import dev.twinstream.schemas.PairMark;
import org.apache.kafka.common.errors.SerializationException;

/** How the values of the input topics are read, in the format that they have. */
public interface InputParsers {
  /** Reads documents and questions. */
  DocumentParser documents();

  /** Reads marks. */
  PairMarkParser pairMarks();

  /** Reads a mark from a record's bytes. */
  @FunctionalInterface
  interface PairMarkParser {
    /**
     * @throws SerializationException where the bytes are no such mark; the message is the cause
     *     that the dead letter names
     */
    PairMark parse(String topic, byte[] valueOrNull);
  }
}

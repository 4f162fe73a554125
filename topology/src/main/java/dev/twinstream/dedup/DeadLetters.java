package dev.twinstream.dedup;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.registry.RegistryFailures;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Builds dead letters: where the record stood, why it was refused, and its first 64 KiB. */
public final class DeadLetters {
  /** Bytes kept of a record's key, and of its value. */
  public static final int MAX_ORIGINAL_BYTES = 64 * 1024;

  /** Characters kept of a cause: parsers quote what they could not read. */
  private static final int MAX_CAUSE = 4 * 1024;

  private DeadLetters() {}

  /** A record of which nothing is known, as the schema registry is away, is no dead letter. */
  static void rethrowIfRecordIsNotAtFault(RuntimeException e) {
    if (RegistryFailures.temporary(e).isPresent()) {
      throw e;
    }
  }

  static DeadLetter of(
      Optional<RecordMetadata> metadata, RuntimeException cause, byte[] key, byte[] value) {
    return of(
        metadata.map(RecordMetadata::topic).orElse("unknown"),
        metadata.map(RecordMetadata::partition).orElse(-1),
        metadata.map(RecordMetadata::offset).orElse(-1L),
        cause,
        key,
        value);
  }

  public static DeadLetter of(
      String topic, int partition, long offset, RuntimeException cause, byte[] key, byte[] value) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new DeadLetter(
        topic,
        partition,
        offset,
        reason.substring(0, Math.min(reason.length(), MAX_CAUSE)),
        cut(key),
        cut(value),
        value == null ? 0L : value.length);
  }

  private static ByteBuffer cut(byte[] bytes) {
    return bytes == null
        ? null
        : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, MAX_ORIGINAL_BYTES));
  }
}

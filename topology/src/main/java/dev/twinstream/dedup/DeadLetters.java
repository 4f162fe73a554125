package dev.twinstream.dedup;

import dev.twinstream.schemas.DeadLetter;
import dev.twinstream.schemas.registry.RegistryFailures;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Builds dead letters: where the record stood, why it was refused, its first 64 KiB, and its
 * headers.
 */
public final class DeadLetters {
  /** Bytes kept of a record's key, and of its value. */
  public static final int MAX_ORIGINAL_BYTES = 64 * 1024;

  /** The only header of a letter whose original had more of them than are kept: their bytes. */
  public static final String HEADERS_LEFT_OUT = "twinstream.headers.left.out";

  /** With key and value, a letter stays well below what an output topic takes at least. */
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** What a header takes beside its key and value, at most: their lengths. */
  private static final int HEADER_OVERHEAD = 10;

  /** Characters kept of a cause: parsers quote what they could not read. */
  private static final int MAX_CAUSE = 4 * 1024;

  private DeadLetters() {}

  /** A record of which nothing is known, as the schema registry is away, is no dead letter. */
  static void rethrowIfRecordIsNotAtFault(RuntimeException e) {
    if (RegistryFailures.temporary(e).isPresent()) {
      throw e;
    }
  }

  /** The letter of an input record, keyed by its topic, with its headers. */
  static Record<String, Object> of(
      Optional<RecordMetadata> metadata, RuntimeException cause, Record<byte[], byte[]> input) {
    String topic = metadata.map(RecordMetadata::topic).orElse("unknown");
    DeadLetter letter =
        of(
            topic,
            metadata.map(RecordMetadata::partition).orElse(-1),
            metadata.map(RecordMetadata::offset).orElse(-1L),
            cause,
            input.key(),
            input.value());
    return new Record<>(topic, letter, input.timestamp(), kept(input.headers()));
  }

  private static Headers kept(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes +=
          HEADER_OVERHEAD
              + Utils.utf8Length(header.key())
              + (header.value() == null ? 0 : header.value().length);
    }
    return bytes <= MAX_HEADER_BYTES
        ? headers
        : new RecordHeaders().add(HEADERS_LEFT_OUT, Utils.utf8(Long.toString(bytes)));
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

package dev.twinstream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Avro binary to and from byte arrays, with one encoder, decoder and buffer a thread. */
final class AvroBytes {
  private static final ThreadLocal<AvroBytes> OF_THREAD = ThreadLocal.withInitial(AvroBytes::new);
  private static final int FIRST_BYTES = 1 << 10;

  /** Buffers that grew beyond this are not kept. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final byte[] NOTHING = {};

  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
  private BinaryEncoder encoder;
  private BinaryDecoder decoder;

  private AvroBytes() {}

  /**
   * The header followed by the record.
   *
   * @throws IOException where the encoder fails; nothing here does I/O
   * @throws RuntimeException where the record does not match the writer's schema
   */
  static <T> byte[] write(byte[] header, DatumWriter<T> writer, T value) throws IOException {
    return OF_THREAD.get().encode(header, writer, value);
  }

  /**
   * The record that starts at an offset.
   *
   * @throws IOException where the bytes end too early
   * @throws RuntimeException where they do not match the schemas
   */
  static <T> T read(DatumReader<T> reader, byte[] bytes, int offset) throws IOException {
    return OF_THREAD.get().decode(reader, bytes, offset);
  }

  private <T> byte[] encode(byte[] header, DatumWriter<T> writer, T value) throws IOException {
    boolean done = false;
    try {
      bytes.reset();
      bytes.writeBytes(header);
      encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
      writer.write(value, encoder);
      encoder.flush();
      done = true;
      return bytes.toByteArray();
    } finally {
      if (!done || bytes.size() > KEPT_BYTES) {
        // A failed write leaves bytes in the encoder.
        bytes = new ByteArrayOutputStream(FIRST_BYTES);
        encoder = null;
      }
    }
  }

  private <T> T decode(DatumReader<T> reader, byte[] source, int offset) throws IOException {
    decoder = DecoderFactory.get().binaryDecoder(source, offset, source.length - offset, decoder);
    try {
      T value = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IOException("bytes are left over behind the record");
      }
      return value;
    } finally {
      // The decoder must not hold the record's bytes.
      decoder = DecoderFactory.get().binaryDecoder(NOTHING, decoder);
    }
  }
}

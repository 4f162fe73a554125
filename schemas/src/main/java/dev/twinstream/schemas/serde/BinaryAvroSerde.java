package dev.twinstream.schemas.serde;

import java.io.IOException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Plain Avro binary, without a header, for internal topics and stores: writer and reader are the
 * same build. Equal records give equal bytes, unless their schema has maps. Null stays null. Safe
 * for use by several threads.
 */
public final class BinaryAvroSerde<T extends SpecificRecord> implements Serde<T> {
  static {
    TrustedClasses.trustOurs();
  }

  private static final byte[] NO_HEADER = {};

  private final SpecificDatumWriter<T> writer;
  private final SpecificDatumReader<T> reader;
  private final String name;

  public BinaryAvroSerde(Class<T> type) {
    this.writer = new SpecificDatumWriter<>(SpecificData.get().getSchema(type));
    this.reader = new SpecificDatumReader<>(type);
    this.name = type.getSimpleName();
  }

  /** Throws {@link SerializationException} for a record that lacks a required field. */
  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(topic, value);
  }

  /** Throws {@link SerializationException} for bytes that are not exactly one record. */
  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
  }

  private byte[] write(String topic, T value) {
    try {
      return AvroBytes.write(NO_HEADER, writer, value);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(topic + ": cannot write a " + name + ": " + e, e);
    }
  }

  private T read(String topic, byte[] bytes) {
    try {
      return AvroBytes.read(reader, bytes, 0);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic + ": found " + bytes.length + " bytes that are no " + name + ": " + e, e);
    }
  }
}

package dev.twinstream.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
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
 * same build. Null stays null.
 */
public final class BinaryAvroSerde<T extends SpecificRecord> implements Serde<T> {
  static {
    TrustedClasses.trustOurs();
  }

  private final SpecificDatumWriter<T> writer;
  private final SpecificDatumReader<T> reader;
  private final String name;
  private final ThreadLocal<BinaryEncoder> encoders = new ThreadLocal<>();
  private final ThreadLocal<BinaryDecoder> decoders = new ThreadLocal<>();

  public BinaryAvroSerde(Class<T> type) {
    this.writer = new SpecificDatumWriter<>(SpecificData.get().getSchema(type));
    this.reader = new SpecificDatumReader<>(type);
    this.name = type.getSimpleName();
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
  }

  private byte[] write(String topic, T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, encoders.get());
    encoders.set(encoder);
    try {
      writer.write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new SerializationException("cannot write a " + name + " to " + topic, e);
    }
    return bytes.toByteArray();
  }

  private T read(String topic, byte[] bytes) {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, decoders.get());
    decoders.set(decoder);
    try {
      return reader.read(null, decoder);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          bytes.length + " bytes of " + topic + " are no " + name + ": " + e, e);
    }
  }
}

package dev.twinstream.schemas.serde;

import dev.twinstream.schemas.registry.SchemaRegistryClient;
import dev.twinstream.schemas.registry.SchemaRegistryClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
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
 * Avro in Confluent's wire format: a zero byte, the schema's id as four bytes, Avro binary. The
 * subject is the topic's name with {@code -key} or {@code -value}. Null stays null.
 */
public final class RegistryAvroSerde<T extends SpecificRecord> implements Serde<T> {
  static {
    TrustedClasses.trustOurs();
  }

  private static final int HEADER_BYTES = 5;

  private final Schema schema;
  private final SpecificDatumWriter<T> writer;
  private final Map<String, Integer> idBySubject = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> writerSchemas = new ConcurrentHashMap<>();
  private SchemaRegistryClient registry;
  private String suffix = "-value";

  public RegistryAvroSerde(Class<T> type) {
    this.schema = SpecificData.get().getSchema(type);
    this.writer = new SpecificDatumWriter<>(schema);
  }

  /**
   * @param config holds {@code schema.registry.url} and the other keys of {@link
   *     SchemaRegistryClients#fromConfig}
   */
  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    registry = SchemaRegistryClients.fromConfig(config);
    suffix = isKey ? "-key" : "-value";
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
    int id = idBySubject.computeIfAbsent(topic + suffix, s -> registry.register(s, schema));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    bytes.writeBytes(ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      writer.write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new SerializationException("cannot write a " + schema.getName() + " to " + topic, e);
    }
    return bytes.toByteArray();
  }

  private T read(String topic, byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != 0) {
      String found = bytes.length == 0 ? "no bytes" : "first byte " + (bytes[0] & 0xff);
      throw new SerializationException(
          topic
              + ": found "
              + found
              + (bytes.length > 0 && bytes[0] == '{' ? " ('{': this looks like JSON)" : "")
              + ", wanted Avro with the schema registry's header (a zero byte and a 4-byte id)");
    }
    int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    Schema written = writerSchemas.computeIfAbsent(id, registry::byId);
    try {
      return new SpecificDatumReader<T>(written, schema)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic + ": schema " + id + " does not read as a " + schema.getName() + ": " + e, e);
    }
  }
}

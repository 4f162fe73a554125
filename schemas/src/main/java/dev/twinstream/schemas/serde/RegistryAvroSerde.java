package dev.twinstream.schemas.serde;

import dev.twinstream.schemas.registry.SchemaRegistryClient;
import dev.twinstream.schemas.registry.SchemaRegistryClients;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.Schema;
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
 * subject is the topic's name with {@code -key} or {@code -value}. Records written with another
 * version of the schema are read into this one by Avro's resolution. Null stays null. Safe for use
 * by several threads once configured.
 */
public final class RegistryAvroSerde<T extends SpecificRecord> implements Serde<T> {
  static {
    TrustedClasses.trustOurs();
  }

  private static final int HEADER_BYTES = 5;

  private final Schema schema;
  private final SpecificDatumWriter<T> writer;
  private final Map<String, byte[]> headerBySubject = new ConcurrentHashMap<>();
  private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();
  private SchemaRegistryClient registry;
  private String suffix = "-value";

  public RegistryAvroSerde(Class<T> type) {
    this.schema = SpecificData.get().getSchema(type);
    this.writer = new SpecificDatumWriter<>(schema);
  }

  /**
   * @param config holds {@code schema.registry.url} and the other keys of {@link
   *     SchemaRegistryClients#fromConfig}
   * @throws org.apache.kafka.common.config.ConfigException as that method does
   */
  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    registry = SchemaRegistryClients.fromConfig(config);
    suffix = isKey ? "-key" : "-value";
    headerBySubject.clear();
    readers.clear();
  }

  /**
   * Throws {@link SerializationException} for a record that lacks a required field, and {@link
   * SchemaRegistryException} where the registry gives no id.
   */
  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(topic, value);
  }

  /**
   * Throws {@link SerializationException} for bytes that are not one record, and {@link
   * SchemaRegistryException} where the registry gives no schema for the id.
   */
  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
  }

  private byte[] write(String topic, T value) {
    byte[] header = header(topic);
    try {
      return AvroBytes.write(header, writer, value);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic + ": cannot write a " + schema.getName() + ": " + e, e);
    }
  }

  private T read(String topic, byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != 0) {
      throw new SerializationException(topic + ": found " + start(bytes) + wanted(bytes));
    }
    int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    SpecificDatumReader<T> reader = reader(topic, id);
    try {
      return AvroBytes.read(reader, bytes, HEADER_BYTES);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          topic
              + ": found "
              + (bytes.length - HEADER_BYTES)
              + " bytes of schema id "
              + id
              + ", which do not read as a "
              + schema.getFullName()
              + ": "
              + e,
          e);
    }
  }

  private static String start(byte[] bytes) {
    if (bytes.length == 0) {
      return "no bytes";
    }
    if (bytes[0] == 0) {
      return bytes.length + " bytes";
    }
    int first = bytes[0] & 0xff;
    boolean printable = first > ' ' && first < 0x7f;
    return "first byte " + first + (printable ? " '" + (char) first + "'" : "");
  }

  private static String wanted(byte[] bytes) {
    String wanted =
        bytes.length > 0 && bytes[0] == 0
            ? ", wanted at least " + HEADER_BYTES + " (a zero byte and a 4-byte schema id)"
            : ", wanted 0 (Avro with the schema registry's header)";
    boolean json = bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '[');
    return wanted
        + (json ? "; this looks like JSON: for input documents, set documents.format=json" : "");
  }

  /** Asked outside of the map's locks: an answer may take long. */
  private byte[] header(String topic) {
    String subject = topic + suffix;
    byte[] header = headerBySubject.get(subject);
    if (header == null) {
      int id = asked(topic, r -> r.register(subject, schema));
      header = ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array();
      headerBySubject.put(subject, header);
    }
    return header;
  }

  private SpecificDatumReader<T> reader(String topic, int id) {
    SpecificDatumReader<T> reader = readers.get(id);
    if (reader == null) {
      reader = new SpecificDatumReader<>(asked(topic, r -> r.byId(id)), schema);
      readers.put(id, reader);
    }
    return reader;
  }

  private <R> R asked(String topic, Function<SchemaRegistryClient, R> question) {
    if (registry == null) {
      throw new IllegalStateException(
          topic + ": this serde was not configured; call configure with schema.registry.url");
    }
    try {
      return question.apply(registry);
    } catch (SchemaRegistryException e) {
      throw new SchemaRegistryException(topic + ": " + e.getMessage(), e.isTemporary(), e);
    }
  }
}

package dev.twinstream.schemas.serde;

import dev.twinstream.schemas.registry.RegistryConfig;
import dev.twinstream.schemas.registry.SchemaRegistryClient;
import dev.twinstream.schemas.registry.SchemaRegistryClient.Registered;
import dev.twinstream.schemas.registry.SchemaRegistryClients;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import dev.twinstream.schemas.registry.SubjectName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro in Confluent's wire format: a zero byte, the schema's id as four bytes, Avro binary. Records
 * written with another version of the schema are read into this one by Avro's resolution; where
 * {@code use.latest.version} asks for it, records are written in another version by the same rules.
 * Null stays null. Safe for use by several threads once configured.
 */
public final class RegistryAvroSerde<T extends SpecificRecord> implements Serde<T> {
  static {
    TrustedClasses.trustOurs();
  }

  private static final int HEADER_BYTES = 5;

  private final Schema schema;
  private final Map<String, Writing<T>> writings = new ConcurrentHashMap<>();
  private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();
  private SchemaRegistryClient registry;
  private SubjectName subjectName;
  private boolean writesLatest;

  /** How records of a topic are written. */
  private record Writing<T>(byte[] header, DatumWriter<T> writer) {}

  public RegistryAvroSerde(Class<T> type) {
    this.schema = SpecificData.get().getSchema(type);
  }

  /**
   * @param config holds {@code schema.registry.url} and the other keys of {@link RegistryConfig}
   * @throws org.apache.kafka.common.config.ConfigException as that class does
   */
  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    RegistryConfig options = new RegistryConfig(config);
    registry = SchemaRegistryClients.of(options);
    subjectName = options.subjectName(isKey);
    writesLatest = options.writesLatest();
    writings.clear();
    readers.clear();
  }

  /**
   * Sets which changes of the topic's schema the registry takes, and asks for the schema's id, so
   * that later writes need no registry. Where {@code auto.register.schemas} is false nothing is
   * set.
   *
   * @param compatibilityOrNull a level of {@link SchemaRegistryClient#setCompatibility}; null
   *     leaves the registry's own
   * @throws SchemaRegistryException where the registry refuses or can't be reached
   */
  public void prepare(String topic, String compatibilityOrNull) {
    if (compatibilityOrNull == null) {
      writing(topic);
      return;
    }
    try {
      writing(topic);
    } catch (SchemaRegistryException refused) {
      if (refused.reason() != Reason.CONFLICT) {
        throw refused;
      }
      // The level that the subject had allows less, perhaps, than the one that is wanted.
      setCompatibility(topic, compatibilityOrNull);
      writing(topic);
      return;
    }
    setCompatibility(topic, compatibilityOrNull);
  }

  private void setCompatibility(String topic, String level) {
    asked(
        topic,
        r -> {
          r.setCompatibility(subjectName.of(topic, schema.getFullName()), level);
          return null;
        });
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
    Writing<T> writing = writing(topic);
    try {
      return AvroBytes.write(writing.header(), writing.writer(), value);
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
  private Writing<T> writing(String topic) {
    Writing<T> writing = writings.get(topic);
    if (writing == null) {
      writing = asked(topic, r -> writesLatest ? latest(r, topic) : own(r, topic));
      writings.put(topic, writing);
    }
    return writing;
  }

  private Writing<T> own(SchemaRegistryClient client, String topic) {
    int id = client.register(subjectName.of(topic, schema.getFullName()), schema);
    return new Writing<>(header(id), new SpecificDatumWriter<>(schema));
  }

  private Writing<T> latest(SchemaRegistryClient client, String topic) {
    Registered latest = client.latest(subjectName.of(topic, schema.getFullName()));
    return new Writing<>(
        header(latest.id()),
        latest.schema().equals(schema)
            ? new SpecificDatumWriter<>(schema)
            : new ResolvingWriter<>(schema, latest.schema()));
  }

  private static byte[] header(int id) {
    return ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array();
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
      throw new SchemaRegistryException(topic + ": " + e.getMessage(), e.reason(), e);
    }
  }
}

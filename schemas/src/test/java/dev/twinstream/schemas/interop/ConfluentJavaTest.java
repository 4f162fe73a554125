package dev.twinstream.schemas.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.formats.avro.registry.confluent.ConfluentSchemaRegistryCoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Confluent's Java client, as shaded in Flink, reads what we write and writes what we read. */
@ExtendWith(SharedRegistry.class)
class ConfluentJavaTest {
  private static CachedSchemaRegistryClient confluent(ApicurioRegistry registry) {
    return new CachedSchemaRegistryClient(registry.url(), 100);
  }

  @Test
  void shouldBeReadByIt(ApicurioRegistry registry) throws Exception {
    ConfluentSchemaRegistryCoder coder = new ConfluentSchemaRegistryCoder(confluent(registry));
    for (SpecificRecord record : Records.ALL) {
      ByteArrayInputStream bytes = new ByteArrayInputStream(written(registry, record));
      Schema schema = coder.readSchema(bytes);
      GenericRecord read =
          new GenericDatumReader<GenericRecord>(schema)
              .read(null, DecoderFactory.get().binaryDecoder(bytes, null));

      assertThat(read.toString()).isEqualTo(record.toString());
    }
  }

  private static <T extends SpecificRecord> byte[] written(ApicurioRegistry registry, T record) {
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) record.getClass();
    RegistryAvroSerde<T> serde = new RegistryAvroSerde<>(type);
    serde.configure(registry.config(), false);
    return serde.serializer().serialize("to-java-" + type.getSimpleName(), record);
  }

  @Test
  void shouldReadWhatItWrites(ApicurioRegistry registry) throws Exception {
    Schema schema = new Schema.Parser().parse(Document.getClassSchema().toString());
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", "a");
    record.put("text", Records.DOCUMENT.getText());
    record.put("published_at", -5L);
    record.put("deleted", false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ConfluentSchemaRegistryCoder("from-java-value", confluent(registry))
        .writeSchema(schema, bytes);
    append(record, schema, bytes);

    assertThat(read(registry, bytes.toByteArray())).isEqualTo(Records.DOCUMENT);
  }

  @Test
  void shouldReadASchemaThatRefersToAnother(ApicurioRegistry registry) throws Exception {
    CachedSchemaRegistryClient client = confluent(registry);
    String colour =
        "{\"type\":\"enum\",\"namespace\":\"x\",\"name\":\"Colour\",\"symbols\":[\"red\"]}";
    client.register("x.Colour", new AvroSchema(colour));
    AvroSchema document =
        new AvroSchema(
            "{\"type\":\"record\",\"name\":\"Document\",\"namespace\":\"dev.twinstream.schemas\","
                + "\"fields\":[{\"name\":\"colour\",\"type\":\"x.Colour\"},"
                + "{\"name\":\"id\",\"type\":\"string\"}]}",
            List.of(new SchemaReference("x.Colour", "x.Colour", 1)),
            new HashMap<>(Map.of("x.Colour", colour)),
            null);
    int id = client.register("coloured-value", document);
    Schema schema = document.rawSchema();
    GenericRecord record = new GenericData.Record(schema);
    record.put("id", "a");
    record.put("colour", new GenericData.EnumSymbol(schema.getField("colour").schema(), "red"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    append(record, schema, bytes);

    assertThat(read(registry, bytes.toByteArray()).getId()).isEqualTo("a");
  }

  private static void append(GenericRecord record, Schema schema, ByteArrayOutputStream bytes)
      throws IOException {
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
  }

  private static Document read(ApicurioRegistry registry, byte[] bytes) {
    RegistryAvroSerde<Document> serde = new RegistryAvroSerde<>(Document.class);
    serde.configure(registry.config(), false);
    return serde.deserializer().deserialize("any", bytes);
  }
}

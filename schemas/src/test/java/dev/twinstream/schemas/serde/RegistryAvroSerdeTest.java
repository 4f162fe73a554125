package dev.twinstream.schemas.serde;

import static dev.twinstream.schemas.serde.BinaryAvroSerdeTest.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.registry.MockSchemaRegistry;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class RegistryAvroSerdeTest {
  private static final MockSchemaRegistry REGISTRY = MockSchemaRegistry.named("serde-test");

  private final RegistryAvroSerde<Document> serde = configured("mock://serde-test", false);

  private static RegistryAvroSerde<Document> configured(String url, boolean isKey) {
    RegistryAvroSerde<Document> serde = new RegistryAvroSerde<>(Document.class);
    serde.configure(Map.of("schema.registry.url", url), isKey);
    return serde;
  }

  private byte[] write(Document document) {
    return serde.serializer().serialize("docs", document);
  }

  private Document read(byte[] bytes) {
    return serde.deserializer().deserialize("docs", bytes);
  }

  private void assertRefused(byte[] bytes, String... parts) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> read(bytes))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("docs: ").contains(parts));
  }

  private static byte[] written(Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int id = REGISTRY.register("docs-value", schema);
    bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static SchemaBuilder.RecordBuilder<Schema> documentSchema() {
    return SchemaBuilder.record("Document").namespace("dev.twinstream.schemas");
  }

  @Test
  void shouldReadWhatItWroteInConfluentsFormat() {
    Document document = document("a", "text");
    byte[] bytes = write(document);

    assertThat(bytes[0]).isZero();
    assertThat(REGISTRY.byId(ByteBuffer.wrap(bytes, 1, 4).getInt()))
        .isEqualTo(Document.getClassSchema());
    assertThat(read(bytes)).isEqualTo(document);
  }

  @Test
  void shouldPassNullThrough() {
    assertThat(write(null)).isNull();
    assertThat(read(null)).isNull();
  }

  @Test
  void shouldNameTheSubjectAfterTheTopicAndTheSide() {
    RegistryAvroSerde<Document> reader = new RegistryAvroSerde<>(Document.class);
    for (boolean isKey : new boolean[] {false, true}) {
      String subject = isKey ? "named-key" : "named-value";
      reader.configure(
          Map.of("schema.registry.url", "mock://subjects", "auto.register.schemas", "false"),
          isKey);
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> reader.serializer().serialize("named", document("a", "b")))
          .withMessageContaining("subject " + subject + " ");
    }
  }

  @Test
  void shouldNameTheSubjectByStrategy() {
    assertSubject("RecordNameStrategy", "dev.twinstream.schemas.Document");
    assertSubject(
        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy",
        "named-dev.twinstream.schemas.Document");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> assertSubject("MyStrategy", ""))
        .withMessageContaining("value.subject.name.strategy: found MyStrategy, wanted");
  }

  private static void assertSubject(String strategy, String subject) {
    RegistryAvroSerde<Document> writer = new RegistryAvroSerde<>(Document.class);
    writer.configure(
        Map.of(
            "schema.registry.url", "mock://strategies",
            "auto.register.schemas", "false",
            "value.subject.name.strategy", strategy),
        false);
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> writer.serializer().serialize("named", document("a", "b")))
        .withMessageContaining("subject " + subject + " ");
  }

  @Test
  void shouldWriteInTheLatestSchemaWhereToldTo() {
    MockSchemaRegistry registry = MockSchemaRegistry.named("latest");
    Schema newer =
        documentSchema()
            .fields()
            .requiredString("text")
            .name("stars")
            .type()
            .intType()
            .intDefault(5)
            .requiredString("id")
            .endRecord();
    registry.register("docs-value", Document.getClassSchema());
    int id = registry.register("docs-value", withOptionalText(newer));
    RegistryAvroSerde<Document> writer = new RegistryAvroSerde<>(Document.class);
    Map<String, String> config =
        Map.of(
            "schema.registry.url", "mock://latest",
            "auto.register.schemas", "false",
            "use.latest.version", "true");
    writer.configure(config, false);

    byte[] bytes = writer.serializer().serialize("docs", document("a", "b"));

    assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
    Document read = writer.deserializer().deserialize("docs", bytes);
    assertThat(read.getId() + read.getText()).isEqualTo("ab");
    assertThat(read.getPublishedAt()).as("the latest has no such field").isNull();

    registry.register("others-value", newer);
    assertThatExceptionOfType(SerializationException.class)
        .as("our text may be null, theirs not")
        .isThrownBy(() -> writer.serializer().serialize("others", document("a", "b")))
        .withMessageContaining("latest registered schema cannot take a")
        .withMessageContaining("/fields/0/type");
  }

  private static Schema withOptionalText(Schema schema) {
    String text =
        schema
            .toString()
            .replace(
                "{\"name\":\"text\",\"type\":\"string\"}",
                "{\"name\":\"text\",\"type\":[\"null\",\"string\"]}");
    return new Schema.Parser().parse(text);
  }

  @Test
  void shouldNeedNoRegistryOnceAllIsPrepared() {
    serde.prepare("prepared", "BACKWARD");

    assertThat(REGISTRY.latest("prepared-value").schema()).isEqualTo(Document.getClassSchema());
  }

  @Test
  void shouldFillAFieldThatTheWriterDidNotKnow() throws IOException {
    Schema old = documentSchema().fields().requiredString("id").optionalString("text").endRecord();
    GenericRecord record = new GenericRecordBuilder(old).set("id", "a").set("text", "b").build();

    Document document = read(written(old, record));

    assertThat(document.getId()).isEqualTo("a");
    assertThat(document.getText()).isEqualTo("b");
    assertThat(document.getPublishedAt()).isNull();
    assertThat(document.getDeleted()).isFalse();
  }

  @Test
  void shouldSkipAFieldThatItDoesNotKnow() throws IOException {
    Schema newer = documentSchema().fields().requiredLong("later").requiredString("id").endRecord();
    GenericRecord record = new GenericData.Record(newer);
    record.put("later", 9L);
    record.put("id", "a");

    assertThat(read(written(newer, record)).getId()).isEqualTo("a");
  }

  @Test
  void shouldNameTheSchemaThatDoesNotResolve() throws IOException {
    Schema noId = documentSchema().fields().requiredLong("n").endRecord();
    GenericRecord record = new GenericData.Record(noId);
    record.put("n", 1L);

    assertRefused(written(noId, record), "of schema id ", "do not read as", "missing required");
  }

  @Test
  void shouldHintAtJson() {
    assertRefused(
        "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8),
        "found first byte 123 '{', wanted 0",
        "this looks like JSON",
        "documents.format=json");
  }

  @Test
  void shouldTellAWrongMagicByte() {
    assertRefused(new byte[] {3, 0, 0, 0, 1, 2}, "found first byte 3, wanted 0");
    assertRefused(new byte[] {}, "found no bytes");
    assertRefused(new byte[] {0, 0, 0}, "found 3 bytes, wanted at least 5");
  }

  @Test
  void shouldRefuseTruncatedBytesAtEveryLength() {
    byte[] bytes = write(document("a", "some text"));
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(Arrays.copyOf(bytes, length), "found ");
    }
    assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "left over");
  }

  @Test
  void shouldTellAnUnknownId() {
    byte[] bytes = write(document("a", "b"));
    ByteBuffer.wrap(bytes).putInt(1, 4711);

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> read(bytes))
        .withMessageContaining("docs: schema id 4711 is unknown")
        .matches(e -> !e.isTemporary());
  }

  @Test
  void shouldTellTheFieldThatIsMissing() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> write(new Document()))
        .withMessageContaining("docs: cannot write a Document")
        .withMessageContaining("id");
  }

  @Test
  void shouldAskToBeConfigured() {
    RegistryAvroSerde<Document> bare = new RegistryAvroSerde<>(Document.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> bare.serializer().serialize("docs", document("a", "b")))
        .withMessageContaining("not configured");
  }
}

package dev.twinstream.schemas.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.registry.SchemaRegistryClient;
import dev.twinstream.schemas.registry.SchemaRegistryClients;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import dev.twinstream.schemas.serde.RegistryAvroSerde;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Our client against a registry that we did not write. */
@ExtendWith(SharedRegistry.class)
class ApicurioTest {
  private static final Schema ONE_FIELD =
      SchemaBuilder.record("R").namespace("t").fields().requiredLong("n").endRecord();
  private static final Schema TWO_FIELDS =
      SchemaBuilder.record("R")
          .namespace("t")
          .fields()
          .requiredLong("n")
          .optionalString("s")
          .endRecord();

  private static SchemaRegistryClient client(ApicurioRegistry registry, String... more) {
    Map<String, String> config = new HashMap<>(registry.config());
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return SchemaRegistryClients.fromConfig(config);
  }

  @Test
  void shouldRegisterLookUpAndFetch(ApicurioRegistry registry) {
    int id = client(registry).register("simple-value", ONE_FIELD);

    assertThat(client(registry).byId(id)).isEqualTo(ONE_FIELD);
    assertThat(client(registry).register("simple-value", ONE_FIELD)).isEqualTo(id);
    SchemaRegistryClient reader = client(registry, "auto.register.schemas", "false");
    assertThat(reader.register("simple-value", ONE_FIELD)).isEqualTo(id);
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> reader.register("simple-value", TWO_FIELDS))
        .withMessageContaining("answered 404")
        .matches(e -> !e.isTemporary());
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> reader.byId(1_000_000))
        .withMessageContaining("answered 404")
        .matches(e -> !e.isTemporary());
  }

  @Test
  void shouldLetTheRegistryRefuseWhatIsNotCompatible(ApicurioRegistry registry) {
    SchemaRegistryClient client = client(registry, "normalize.schemas", "true");
    client.register("guarded-value", ONE_FIELD);
    client.setCompatibility("guarded-value", "BACKWARD");

    int id = client.register("guarded-value", TWO_FIELDS);

    assertThat(client.latest("guarded-value"))
        .isEqualTo(new SchemaRegistryClient.Registered(id, TWO_FIELDS));
    Schema other =
        SchemaBuilder.record("R").namespace("t").fields().requiredString("key").endRecord();
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> client.register("guarded-value", other))
        .withMessageContaining("answered 409")
        .matches(e -> !e.isTemporary());
  }

  @Test
  void shouldPrepareATopicAndReadWhatAnotherInstanceWrote(ApicurioRegistry registry) {
    RegistryAvroSerde<Document> writer = new RegistryAvroSerde<>(Document.class);
    writer.configure(registry.config(), false);
    writer.prepare("prepared docs", "FULL");
    RegistryAvroSerde<Document> reader = new RegistryAvroSerde<>(Document.class);
    reader.configure(registry.config(), false);

    byte[] bytes = writer.serializer().serialize("prepared docs", Records.DOCUMENT);

    assertThat(reader.deserializer().deserialize("prepared docs", bytes))
        .isEqualTo(Records.DOCUMENT);
  }

  @Test
  void shouldRegisterWhatTheWantedLevelAllowsAndTheSubjectsOwnDidNot(ApicurioRegistry registry) {
    SchemaRegistryClient client = client(registry);
    Schema other =
        SchemaBuilder.record("Document")
            .namespace("dev.twinstream.schemas")
            .fields()
            .requiredLong("n")
            .endRecord();
    client.register("changed docs-value", other);
    client.setCompatibility("changed docs-value", "BACKWARD");
    RegistryAvroSerde<Document> writer = new RegistryAvroSerde<>(Document.class);
    writer.configure(registry.config(), false);

    writer.prepare("changed docs", "NONE");

    assertThat(client.latest("changed docs-value").schema()).isEqualTo(Document.getClassSchema());
  }
}

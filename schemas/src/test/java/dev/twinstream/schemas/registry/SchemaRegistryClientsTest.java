package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

class SchemaRegistryClientsTest {
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();
  private static final Schema OTHER = SchemaBuilder.builder().intType();

  @Test
  void shouldShareAMockByName() {
    SchemaRegistryClient a =
        SchemaRegistryClients.fromConfig(Map.of("schema.registry.url", "mock://shared"));
    SchemaRegistryClient b =
        SchemaRegistryClients.fromConfig(Map.of("schema.registry.url", List.of("mock://shared")));

    int id = a.register("t-value", SCHEMA);

    assertThat(b.byId(id)).isEqualTo(SCHEMA);
    assertThat(b.register("u-value", SCHEMA)).isEqualTo(id);
    assertThat(b.register("u-value", OTHER)).isNotEqualTo(id);
  }

  @Test
  void shouldOnlyLookUpInAMockWhereItMayNotRegister() {
    SchemaRegistryClient reader =
        SchemaRegistryClients.fromConfig(
            Map.of("schema.registry.url", "mock://look", "auto.register.schemas", false));
    int id = MockSchemaRegistry.named("look").register("t-value", SCHEMA);

    assertThat(reader.register("t-value", SCHEMA)).isEqualTo(id);
    assertThat(reader.byId(id)).isEqualTo(SCHEMA);
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> reader.register("u-value", SCHEMA))
        .withMessageContaining("u-value");
  }

  @Test
  void shouldTellWhichIdIsUnknown() {
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> MockSchemaRegistry.named("empty").byId(3))
        .withMessageContaining("schema id 3 is unknown");
  }

  @Test
  void shouldTakeAPasswordAndSeveralUrls() {
    assertThat(
            SchemaRegistryClients.fromConfig(
                Map.of(
                    "schema.registry.url", "http://a:8081 , https://b/registry,",
                    "basic.auth.credentials.source", "USER_INFO",
                    "basic.auth.user.info", new Password("ann:secret"))))
        .isInstanceOf(HttpSchemaRegistryClient.class);
  }

  @Test
  void shouldRefuseWhatItCannotUse() {
    assertRefused(Map.of(), "schema.registry.url is missing");
    assertRefused(Map.of("schema.registry.url", " , "), "schema.registry.url is missing");
    assertRefused(Map.of("schema.registry.url", "mock://a,http://b"), "wanted it alone");
    assertRefused(Map.of("schema.registry.url", "host:8081"), "wanted http://");
    assertRefused(Map.of("schema.registry.url", "http://ann:secret@a b"), "//***@a b");
    assertRefused(Map.of("schema.registry.url", "http://a", "auto.register.schemas", "yes"), "yes");
    assertRefused(
        Map.of("schema.registry.url", "http://a", "basic.auth.credentials.source", "MAGIC"),
        "MAGIC");
    assertRefused(
        Map.of(
            "schema.registry.url", "https://a",
            "schema.registry.ssl.endpoint.identification.algorithm", ""),
        "always checked");
  }

  private static void assertRefused(Map<String, ?> config, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SchemaRegistryClients.fromConfig(config))
        .withMessageContaining(message)
        .matches(e -> !e.getMessage().contains("secret"));
  }
}

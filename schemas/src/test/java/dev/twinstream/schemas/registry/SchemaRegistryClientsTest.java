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

  @Test
  void shouldShowNoPasswordOfAUrl() {
    assertUrlRefused("ann:secret@registry:8081", "found ***@registry:8081, wanted http://");
    assertUrlRefused("http:/ann:secret@registry", "found http:/***@registry, wanted http://");
    assertUrlRefused("http//ann:secret@registry", "found ***@registry, wanted http://");
    assertUrlRefused("ann:secret", "found *** (1 of 1), wanted http://");
    assertUrlRefused("http://ann:secret", "found http://*** (1 of 1), wanted http://");
    assertUrlRefused(
        "https://ann:TOP,secret@registry:8081",
        "found https://*** (1 of 2), wanted http://, https:// or mock:// and a host; a comma in a"
            + " user's name or password is written %2C");
    assertUrlRefused("https://ann:80,secret@registry", "found *** (2 of 2), wanted http://");
    assertUrlRefused("http://a,ann:se,cret", "found *** (2 of 3), wanted http://");
    assertUrlRefused("a:8081,b:8081", "found a:8081, wanted http://");
    assertUrlRefused("htp://registry:8081/path", "found htp://registry:8081/path, wanted");
    assertUrlRefused("http:/registry:8081", "found http:/registry:8081, wanted");
  }

  @Test
  void shouldSayThatAHostMayHaveNoUnderscore() {
    assertUrlRefused(
        "http://schema_registry:8081",
        "found http://schema_registry:8081; java.net.URI takes no underscore in a host name: give"
            + " the host another name or an alias without one");
    assertUrlRefused(
        "http://ann:secret@schema_registry/", "found http://***@schema_registry/; java.net.URI");
    assertUrlRefused("http://an_n:secret", "found http://*** (1 of 1), wanted");
  }

  private static void assertUrlRefused(String url, String message) {
    assertRefused(Map.of("schema.registry.url", url), message);
  }

  private static void assertRefused(Map<String, ?> config, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SchemaRegistryClients.fromConfig(config))
        .withMessageContaining(message)
        .matches(e -> !e.getMessage().contains("secret") && !e.getMessage().contains("TOP"));
  }
}

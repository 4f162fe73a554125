package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.FakeRegistryServer.Request;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schemas that somebody else has registered, and this client may not. */
class SchemaLookupTest {
  private static final Answer UNKNOWN =
      new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");

  private static int lookUp(FakeRegistryServer server) {
    return SchemaRegistryClients.fromConfig(
            Map.of("schema.registry.url", server.url(), "auto.register.schemas", "false"))
        .register("docs-value", Document.getClassSchema());
  }

  @Test
  void shouldFindASchemaThatNamesNoClassOfJava() throws IOException {
    try (FakeRegistryServer server =
        new FakeRegistryServer(UNKNOWN, new Answer(200, "{\"id\":7}"))) {
      assertThat(lookUp(server)).isEqualTo(7);

      List<Request> requests = server.requests();
      assertThat(requests)
          .extracting(Request::path)
          .containsExactly("/subjects/docs-value", "/subjects/docs-value");
      assertThat(requests.get(0).body()).contains("avro.java.string");
      assertThat(requests.get(1).body()).doesNotContain("avro.java.string").contains("\\\"id\\\"");
    }
  }

  @Test
  void shouldSayWhichSchemaIsWantedWhere() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(UNKNOWN)) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> lookUp(server))
          .withMessageContaining("answered 404")
          .withMessageContaining("auto.register.schemas is false, register")
          .withMessageContaining("schemas/released/Document.avsc under docs-value")
          .withMessageContaining("use.latest.version=true")
          .matches(e -> e.reason() == Reason.UNKNOWN);
    }
  }
}

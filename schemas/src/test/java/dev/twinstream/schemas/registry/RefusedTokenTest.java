package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.FakeRegistryServer.Request;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer's token that a registry refuses before its end. */
class RefusedTokenTest {
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();
  private static final Answer ID_7 = new Answer(200, "{\"id\":7}");
  private static final Answer REFUSED = new Answer(401, "who?");

  private FakeRegistryServer issuer;

  @BeforeEach
  void start() throws IOException {
    issuer = new FakeRegistryServer(token("one"), token("two"));
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private static Answer token(String token) {
    return new Answer(200, "{\"access_token\":\"" + token + "\",\"expires_in\":3600}");
  }

  private HttpSchemaRegistryClient client(FakeRegistryServer registry) {
    return new HttpSchemaRegistryClient(
        new RegistryConfig(
            Map.of(
                "schema.registry.url",
                registry.url(),
                "bearer.auth.credentials.source",
                "OAUTHBEARER",
                "bearer.auth.issuer.endpoint.url",
                issuer.url(),
                "bearer.auth.client.id",
                "ann")),
        millis -> {});
  }

  @Test
  void shouldBeReplaced() throws IOException {
    try (FakeRegistryServer registry = new FakeRegistryServer(REFUSED, ID_7)) {
      HttpSchemaRegistryClient client = client(registry);

      assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(client.register("u-value", SCHEMA)).isEqualTo(7);
      assertThat(registry.requests())
          .extracting(Request::authorization)
          .containsExactly("Bearer one", "Bearer two", "Bearer two");
      assertThat(issuer.requests()).hasSize(2);
    }
  }

  @Test
  void shouldBeReplacedOnceInACall() throws IOException {
    try (FakeRegistryServer registry = new FakeRegistryServer(REFUSED)) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(registry).byId(7))
          .withMessageContaining("answered 401")
          .matches(e -> e.reason() == Reason.UNAUTHORIZED);
      assertThat(registry.requests())
          .extracting(Request::authorization)
          .containsExactly("Bearer one", "Bearer two");
    }
  }
}

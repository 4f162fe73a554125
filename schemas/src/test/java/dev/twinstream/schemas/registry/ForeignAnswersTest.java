package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of a server that stands between the client and its registry. */
class ForeignAnswersTest {
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();
  private static final Answer ID_7 = new Answer(200, "{\"id\":7}");
  private static final Answer REDIRECT =
      new Answer(
          302, "moved", Map.of("Location", "https://ann:hidden@login.example/in?state=hidden"));

  private static HttpSchemaRegistryClient client(String... urls) {
    return new HttpSchemaRegistryClient(
        new RegistryConfig(Map.of("schema.registry.url", List.of(urls))), millis -> {});
  }

  static Stream<Answer> foreign() {
    return Stream.of(
        REDIRECT,
        new Answer(307, ""),
        new Answer(200, "<html>login</html>"),
        new Answer(200, "{\"id\":"),
        new Answer(200, "\"fine\""),
        new Answer(200, ""),
        new Answer(204, ""));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void shouldAskTheNextUrlAndStayWithIt(Answer answer) throws IOException {
    try (FakeRegistryServer foreign = new FakeRegistryServer(answer);
        FakeRegistryServer registry = new FakeRegistryServer(ID_7)) {
      HttpSchemaRegistryClient client = client(foreign.url(), registry.url());

      assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(client.register("u-value", SCHEMA)).isEqualTo(7);
      assertThat(foreign.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void shouldWaitForTheRegistry(Answer answer) throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(answer, answer, ID_7)) {
      assertThat(client(server.url()).register("t-value", SCHEMA)).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void shouldNotBlameTheSchema(Answer answer) throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(answer)) {
      String said = answer.body().isEmpty() ? "(nothing)" : answer.body();
      String location = answer == REDIRECT ? " (Location: https://***@login.example/in)" : "";

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).byId(7))
          .withMessageContaining(answer.status() < 300 ? "found no JSON" : "found a redirect")
          .withMessageEndingWith(
              server.url() + "/schemas/ids/7 answered " + answer.status() + location + ": " + said)
          .matches(e -> e.reason() == Reason.UNREACHABLE);
      assertThat(server.requests()).hasSize(12);
    }
  }
}

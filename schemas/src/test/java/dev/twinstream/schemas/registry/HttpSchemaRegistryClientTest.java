package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.FakeRegistryServer.Request;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryClientTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("R").namespace("t").fields().requiredLong("n").endRecord();
  private static final Answer ID_7 = new Answer(200, "{\"id\":7}");
  private static final Answer BROKEN = new Answer(503, "{\"message\":\"no leader\"}");

  private static HttpSchemaRegistryClient client(String... urls) {
    return client(Map.of("schema.registry.url", List.of(urls)));
  }

  private static HttpSchemaRegistryClient client(Map<String, ?> config) {
    return new HttpSchemaRegistryClient(new RegistryConfig(config), millis -> {});
  }

  private static Answer schemaAnswer() throws IOException {
    return new Answer(
        200, RegistryHttp.JSON.writeValueAsString(Map.of("schema", SCHEMA.toString())));
  }

  private static String deadUrl() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void shouldRegisterOnceAndKeepTheId() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(ID_7)) {
      HttpSchemaRegistryClient client = client(server.url() + "/");

      assertThat(client.register("a topic-value", SCHEMA)).isEqualTo(7);
      assertThat(client.register("a topic-value", SCHEMA)).isEqualTo(7);

      assertThat(server.requests()).hasSize(1);
      Request request = server.requests().get(0);
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/subjects/a%20topic-value/versions");
      assertThat(request.authorization()).isNull();
      String sent = RegistryHttp.JSON.readTree(request.body()).path("schema").asText();
      assertThat(new Schema.Parser().parse(sent)).isEqualTo(SCHEMA);
    }
  }

  @Test
  void shouldTakeTheIdThatAnotherClientWasFasterToRegister() throws IOException {
    Answer conflict = new Answer(409, "{\"message\":\"already exists\"}");
    try (FakeRegistryServer server = new FakeRegistryServer(conflict, ID_7)) {
      assertThat(client(server.url()).register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(server.requests())
          .extracting(Request::path)
          .containsExactly("/subjects/t-value/versions", "/subjects/t-value");
    }
  }

  @Test
  void shouldSayWhyASchemaThatIsNotKnownIsRefused() throws IOException {
    Answer conflict = new Answer(409, "{\"message\":\"incompatible\"}");
    Answer unknown = new Answer(404, "{\"message\":\"not found\"}");
    try (FakeRegistryServer server = new FakeRegistryServer(conflict, unknown)) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).register("t-value", SCHEMA))
          .withMessageContaining("answered 409")
          .matches(e -> !e.isTemporary());
    }
  }

  @Test
  void shouldOnlyLookUpWhereItMayNotRegister() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(ID_7)) {
      client(
              Map.of(
                  "schema.registry.url", server.url(),
                  "auto.register.schemas", "false",
                  "normalize.schemas", "true"))
          .register("t-value", SCHEMA);

      assertThat(server.requests().get(0).path()).isEqualTo("/subjects/t-value?normalize=true");
    }
  }

  @Test
  void shouldAskForASchemaOnce() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(schemaAnswer())) {
      HttpSchemaRegistryClient client = client(server.url());

      assertThat(client.byId(7)).isEqualTo(SCHEMA);
      assertThat(client.byId(7)).isEqualTo(SCHEMA);

      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).method()).isEqualTo("GET");
      assertThat(server.requests().get(0).path()).isEqualTo("/schemas/ids/7");
    }
  }

  @Test
  void shouldFailOverFromADeadUrl() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(ID_7)) {
      assertThat(client(deadUrl(), server.url()).register("t-value", SCHEMA)).isEqualTo(7);
    }
  }

  @Test
  void shouldFailOverFromABrokenServerAndStayWithTheOther() throws IOException {
    try (FakeRegistryServer broken = new FakeRegistryServer(BROKEN);
        FakeRegistryServer server = new FakeRegistryServer(ID_7)) {
      HttpSchemaRegistryClient client = client(broken.url(), server.url());

      client.register("t-value", SCHEMA);
      client.register("u-value", SCHEMA);

      assertThat(broken.requests()).hasSize(1);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void shouldTryAgainOn5xx() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(BROKEN, BROKEN, ID_7)) {
      assertThat(client(server.url()).register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void shouldGiveUpOnLasting5xx() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(BROKEN)) {
      HttpSchemaRegistryClient client = client(server.url());

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("/schemas/ids/7 answered 503")
          .withMessageContaining("no leader")
          .matches(SchemaRegistryException::isTemporary);
      assertThat(server.requests()).hasSize(12);
    }
  }

  @Test
  void shouldTryAgainAfterTheTimeThatARegistryAsksFor() throws IOException {
    List<Long> pauses = new ArrayList<>();
    Answer busy = new Answer(429, "slower", Map.of("Retry-After", "7"));
    try (FakeRegistryServer server = new FakeRegistryServer(busy, new Answer(408, ""), ID_7)) {
      HttpSchemaRegistryClient client =
          new HttpSchemaRegistryClient(
              new RegistryConfig(Map.of("schema.registry.url", server.url())), pauses::add);

      assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(server.requests()).hasSize(3);
      assertThat(pauses).hasSize(2);
      assertThat(pauses.get(0)).isEqualTo(7_000);
      assertThat(pauses.get(1)).as("200 ms, give or take a quarter").isBetween(150L, 250L);
    }
  }

  @Test
  void shouldGiveUpOnARegistryThatThrottlesForLong() throws IOException {
    List<Long> pauses = new ArrayList<>();
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(429, "slower"))) {
      HttpSchemaRegistryClient client =
          new HttpSchemaRegistryClient(
              new RegistryConfig(Map.of("schema.registry.url", server.url())), pauses::add);

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("answered 429")
          .matches(e -> e.reason() == Reason.UNREACHABLE);
      assertThat(server.requests()).hasSize(12);
      assertThat(pauses).hasSize(11).allMatch(pause -> pause > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 405, 422})
  void shouldNotRepeatWhatIsRefused(int status) throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(status, "no"))) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).byId(7))
          .withMessageContaining("answered " + status);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void shouldGiveUpOnDeadUrls() throws IOException {
    String dead = deadUrl();

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> client(dead).byId(7))
        .withMessageContaining(dead)
        .matches(SchemaRegistryException::isTemporary)
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void shouldNotTryAgainOn4xx() throws IOException {
    Answer unknown = new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
    try (FakeRegistryServer server = new FakeRegistryServer(unknown);
        FakeRegistryServer other = new FakeRegistryServer(ID_7)) {
      HttpSchemaRegistryClient client = client(server.url(), other.url());

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("40403")
          .matches(e -> !e.isTemporary());
      assertThat(server.requests()).hasSize(1);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void shouldNotBlameTheSchemaForRefusedCredentials() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(401, "who?"))) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).byId(7))
          .matches(SchemaRegistryException::isTemporary);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void shouldRefuseAnswersThatMakeNoSense() throws IOException {
    assertRefused("{\"schema\":\"{}\",\"schemaType\":\"PROTOBUF\"}", "PROTOBUF");
    assertRefused("{\"schema\":\"nonsense\"}", "no Avro schema");
    assertRefused("{}", "no Avro schema");
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(200, "{}"))) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).register("t-value", SCHEMA))
          .withMessageContaining("found no id");
    }
  }

  @Test
  void shouldFetchWhatASchemaRefersTo() throws IOException {
    String whole =
        "{\"type\":\"record\",\"name\":\"Whole\",\"fields\":["
            + "{\"name\":\"a\",\"type\":\"x.Part\"},{\"name\":\"b\",\"type\":\"x.Leaf\"}]}";
    String part =
        "{\"type\":\"record\",\"name\":\"x.Part\",\"fields\":[{\"name\":\"c\",\"type\":\"x.Leaf\"}]}";
    String leaf = "{\"type\":\"enum\",\"name\":\"x.Leaf\",\"symbols\":[\"one\"]}";
    try (FakeRegistryServer server =
        new FakeRegistryServer(
            referring(whole, "x.Part", "x.Leaf"), referring(part, "x.Leaf"), referring(leaf))) {
      Schema schema = client(server.url()).byId(7);

      assertThat(schema.getField("a").schema().getField("c").schema().getFullName())
          .isEqualTo("x.Leaf");
      assertThat(server.requests())
          .extracting(Request::path)
          .as("each once")
          .containsExactly(
              "/schemas/ids/7",
              "/subjects/x.Part/versions/3?deleted=true",
              "/subjects/x.Leaf/versions/3?deleted=true");
    }
  }

  @Test
  void shouldReadADefaultThatDoesNotFitItsType() throws IOException {
    String odd =
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":["
            + "{\"name\":\"n\",\"type\":\"long\",\"default\":\"none\"}]}";
    try (FakeRegistryServer server = new FakeRegistryServer(referring(odd))) {
      assertThat(client(server.url()).byId(7).getField("n")).isNotNull();
    }
  }

  private static Answer referring(String schema, String... names) throws IOException {
    List<Map<String, Object>> references =
        Stream.of(names)
            .map(name -> Map.<String, Object>of("name", name, "subject", name, "version", 3))
            .toList();
    return new Answer(
        200,
        RegistryHttp.JSON.writeValueAsString(Map.of("schema", schema, "references", references)));
  }

  @Test
  void shouldSetTheCompatibilityOfASubject() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(200, "{}"))) {
      client(server.url()).setCompatibility("t-value", "FULL");

      Request request = server.requests().get(0);
      assertThat(request.method() + " " + request.path()).isEqualTo("PUT /config/t-value");
      assertThat(request.body()).isEqualTo("{\"compatibility\":\"FULL\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 405, 409, 422, 501})
  void shouldSayWhatToDoWhereItMayNotSetTheCompatibility(int status) throws IOException {
    Answer refused = new Answer(status, "{\"error_code\":42205}");
    String who = status == 401 || status == 403 ? "this user" : "the registry";
    try (FakeRegistryServer server = new FakeRegistryServer(refused)) {
      assertThatThrownBy(() -> client(server.url()).setCompatibility("t-value", "FULL"))
          .hasMessageContaining("answered " + status)
          .hasMessageEndingWith(
              "; let "
                  + who
                  + " set the compatibility of the subject t-value, or set"
                  + " schema.compatibility=unchanged");
      assertThat(server.requests()).hasSize(status == 409 ? 2 : 1);
    }
  }

  @Test
  void shouldWaitForARegistryThatIsBrokenWhenItSetsTheCompatibility() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(BROKEN)) {
      assertThatThrownBy(() -> client(server.url()).setCompatibility("t-value", "FULL"))
          .hasMessageEndingWith("no leader\"}");
      assertThat(server.requests()).hasSize(12);
    }
  }

  /** Two instances that start at one time, at a registry that makes a rule before it changes it. */
  @Test
  void shouldSetACompatibilityThatAnotherSetInTheSameMoment() throws IOException {
    Answer exists = new Answer(409, "{\"error_code\":0,\"message\":\"A rule already exists.\"}");
    try (FakeRegistryServer server = new FakeRegistryServer(exists, new Answer(200, "{}"))) {
      client(server.url()).setCompatibility("t-value", "FULL");

      assertThat(server.requests())
          .extracting(Request::path)
          .containsExactly("/config/t-value", "/config/t-value");
    }
    try (FakeRegistryServer server = new FakeRegistryServer(exists)) {
      assertThatThrownBy(() -> client(server.url()).setCompatibility("t-value", "FULL"))
          .hasMessageContaining("answered 409");
    }
  }

  @Test
  void shouldAskOnceForTheLatest() throws IOException {
    Answer answer =
        new Answer(
            200,
            RegistryHttp.JSON.writeValueAsString(Map.of("id", 9, "schema", SCHEMA.toString())));
    try (FakeRegistryServer server = new FakeRegistryServer(answer)) {
      HttpSchemaRegistryClient client = client(server.url());

      assertThat(client.latest("t-value")).isEqualTo(client.latest("t-value"));
      assertThat(client.latest("t-value").id()).isEqualTo(9);
      assertThat(server.requests())
          .extracting(Request::path)
          .containsExactly("/subjects/t-value/versions/latest");
    }
  }

  private static void assertRefused(String answer, String message) throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(200, answer))) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client(server.url()).byId(7))
          .withMessageContaining(message)
          .matches(e -> !e.isTemporary());
    }
  }
}

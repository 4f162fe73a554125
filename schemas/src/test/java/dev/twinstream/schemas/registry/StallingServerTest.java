package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that begins to answer, and does not end. */
@Timeout(30)
class StallingServerTest {
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();
  private static final String BEGIN =
      "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: application/json\r\n\r\n{\"id\":";

  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::answerHalf);
    thread.setDaemon(true);
    thread.start();
  }

  private void answerHalf() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        socket.getOutputStream().write(BEGIN.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The test closed the server.
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Test
  void shouldTakeTheAnswerOfTheNextUrl() throws IOException {
    try (FakeRegistryServer other = new FakeRegistryServer(new Answer(200, "{\"id\":7}"))) {
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(
              Map.of(
                  "schema.registry.url", url() + "," + other.url(), "http.read.timeout.ms", "300"));

      assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(sockets).hasSize(1);
    }
  }

  @Test
  void shouldGiveUpOnARegistryThatNeverEndsItsAnswer() {
    assertGivenUp(Map.of("schema.registry.url", url()), url() + "/schemas/ids/7: ");
  }

  @Test
  void shouldGiveUpOnATokenIssuerThatNeverEndsItsAnswer() {
    assertGivenUp(
        Map.of(
            "schema.registry.url", "http://127.0.0.1:1",
            "bearer.auth.credentials.source", "OAUTHBEARER",
            "bearer.auth.issuer.endpoint.url", url(),
            "bearer.auth.client.id", "ann"),
        "token issuer " + url() + ": ");
  }

  private void assertGivenUp(Map<String, String> options, String message) {
    Map<String, String> config = new HashMap<>(options);
    config.put("http.read.timeout.ms", "100");
    HttpSchemaRegistryClient client =
        new HttpSchemaRegistryClient(new RegistryConfig(config), millis -> {});

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> client.byId(7))
        .withMessageContaining(message)
        .withMessageContaining("found no whole answer within 100 ms")
        .matches(e -> e.reason() == Reason.UNREACHABLE);
    assertThat(sockets).as("one for each try").hasSize(12);
  }

  @Test
  void shouldRefuseATimeThatIsNone() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                SchemaRegistryClients.fromConfig(
                    Map.of("schema.registry.url", url(), "http.read.timeout.ms", "0")))
        .withMessageContaining("http.read.timeout.ms");
  }
}

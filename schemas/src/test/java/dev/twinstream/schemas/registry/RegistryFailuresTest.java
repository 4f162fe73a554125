package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What serdes throw while a registry is away, Confluent's among them, and what they throw else. */
class RegistryFailuresTest {
  private static RestClientException answer(int status, int code) {
    return new RestClientException("no", status, code);
  }

  private static SerializationException reading(Exception cause) {
    return new SerializationException("Error deserializing Avro message for id 7", cause);
  }

  /** Confluent's serdes keep of some answers the message alone. */
  private static InvalidConfigurationException message(int code) {
    return new InvalidConfigurationException(answer(code / 100 * 100, code).getMessage());
  }

  static Stream<Throwable> temporary() {
    return Stream.of(
        new SchemaRegistryException("away", Reason.UNREACHABLE, null),
        reading(new ConnectException("refused")),
        reading(new SocketException("reset")),
        reading(new UnknownHostException("registry")),
        reading(new SSLHandshakeException("closed")),
        reading(answer(503, 50301)),
        reading(answer(429, 50005)),
        reading(answer(401, 50005)),
        message(401),
        message(429),
        new TimeoutException("Error deserializing", new SocketTimeoutException()));
  }

  @ParameterizedTest
  @MethodSource("temporary")
  void shouldBlameARegistryThatIsAway(Throwable error) {
    assertThat(RegistryFailures.temporary(new IllegalStateException(error))).isPresent();
  }

  static Stream<Throwable> lasting() {
    return Stream.of(
        new SchemaRegistryException("unknown", Reason.UNKNOWN, null),
        reading(new EOFException()),
        reading(answer(404, 40403)),
        reading(answer(404, 50005)),
        message(409),
        new SslAuthenticationException("a broker's", new SSLHandshakeException("closed")),
        new TopicAuthorizationException("a broker's"),
        new TimeoutException("a broker's"));
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void shouldExcuseNeitherARecordNorABroker(Throwable error) {
    assertThat(RegistryFailures.temporary(new IllegalStateException(error))).isEmpty();
  }
}

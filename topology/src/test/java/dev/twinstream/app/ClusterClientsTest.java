package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** Clients take the options that Kafka Streams takes for its own. */
class ClusterClientsTest {
  private static ClusterClients clients(String option, String value) {
    return new ClusterClients(
        new TwinstreamConfig(
            Map.of(TwinstreamConfig.BOOTSTRAP_SERVERS, "localhost:1", option, value)));
  }

  @Test
  void shouldTakeOptionsUnderThePrefixOfEachClient() {
    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> clients("admin.security.protocol", "none-such").admin());
    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> clients("consumer.security.protocol", "none-such").consumer());
    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> clients("producer.security.protocol", "none-such").producer(Map.of()));
  }
}

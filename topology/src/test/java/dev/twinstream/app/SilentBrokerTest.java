package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** What a user hears while no broker answers. */
class SilentBrokerTest {
  private static final Map<String, Object> NOWHERE =
      Map.of(
          "bootstrap.servers", "localhost:1",
          "request.timeout.ms", 1000,
          "default.api.timeout.ms", 1000);

  private final List<String> said = new ArrayList<>();
  private final SilentBroker broker = new SilentBroker(Duration.ofMillis(100), said::add);

  @Test
  void shouldSayOnceThatItWaitsAndThenWaitAsLongAsKafkaDoes() {
    try (Admin admin = Admin.create(NOWHERE);
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                NOWHERE, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> broker.answer(admin.listTopics().names()))
          .withCauseInstanceOf(TimeoutException.class);
      assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> broker.topics(consumer));
    }
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("no broker has answered for ")
        .contains("see bootstrap.servers and security.protocol; waiting");
  }

  @Test
  void shouldSayNothingWhereABrokerAnswers() throws Exception {
    assertThat(broker.answer(KafkaFuture.completedFuture("yes"))).isEqualTo("yes");
    assertThat(said).isEmpty();
  }
}

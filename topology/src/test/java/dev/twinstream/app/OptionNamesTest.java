package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A misspelt option stops the start; options that others read do not. */
class OptionNamesTest {
  private static TwinstreamConfig config(String name) {
    return new TwinstreamConfig(
        Map.of(TwinstreamConfig.BOOTSTRAP_SERVERS, "localhost:1", name, "1"));
  }

  @ParameterizedTest
  @CsvSource({
    "twin.probabilty, twin.probability",
    "twin.weight, twin.probability",
    "lexical.treshold, lexical.threshold",
    "lexcial.threshold, lexical.threshold",
    "encoder.batch.wait, encoder.batch.wait.ms",
    "ENCODER_MAX_TOKENS, encoder.max.tokens",
    "retention.bytes, retention.ms",
    "state.standby.replica, state.standby.replicas",
    "state.memory, state.memory.bytes",
    "internal.partition.count, internal.partitions",
    "num.stream.thread, num.stream.threads",
    "aplication.id, application.id",
    "schema.registry.ulr, schema.registry.url",
    "event.time.future.ms, event.time.max.future.ms",
  })
  void shouldRefuseMisspeltOptionsAndNameTheNearest(String name, String nearest) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(name))
        .withMessage(name + " is no option: did you mean " + nearest + "?");
  }

  @Test
  void shouldRefuseWhatAnOptionOfOursSets() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config("num.standby.replicas"))
        .withMessage("num.standby.replicas would do nothing here: set state.standby.replicas");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> KafkaOptions.check(Map.of("processing.guarantee", "at_least_once")))
        .withMessageStartingWith("processing.guarantee is at_least_once: ");
    KafkaOptions.check(Map.of("processing.guarantee", "exactly_once_v2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hash.seed",
        "state.cleanup.delay.ms",
        "session.timeout.ms",
        "check.crcs",
        "group.instance.id",
        "internal.task.assignor.class",
        "retries",
        "producer.buffer.memory",
        "consumer.max.poll.records",
        "main.consumer.fetch.max.bytes",
        "restore.consumer.max.poll.records",
        "global.consumer.client.rack",
        "admin.retries",
        "topic.retention.ms",
        "topic.min.insync.replicas",
        "client.tag.zone",
        "metrics.context.name",
        "schema.registry.ssl.truststore.location",
        "schema.registry.request.timeout.ms",
        "basic.auth.credentials.source",
        "bearer.auth.token",
        "auto.register.schemas",
        "value.subject.name.strategy",
        "specific.avro.reader",
        "config.providers",
        "config.providers.vault.class",
        "ssl.keystore.password",
        "sasl.login.class",
        "confluent.monitoring.interceptor.topic",
        "prometheus.reporter.port",
        "apicurio.registry.url"
      })
  void shouldLetTheOptionsOfOthersThrough(String name) {
    assertThat(config(name).originals()).containsEntry(name, "1");
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured at start is the least that the encoder's timeouts may be. */
class EncoderTimeoutTest {
  @TempDir Path folder;

  private static Properties properties(long needed, Map<String, String> given) {
    Map<String, String> options = new HashMap<>(given);
    options.put(TwinstreamConfig.BOOTSTRAP_SERVERS, "unused:1");
    return new Application(new TwinstreamConfig(options)).encodeProperties(needed);
  }

  private static void assertTimeouts(Properties properties, int transaction, int poll) {
    assertThat(properties.get("producer.transaction.timeout.ms")).isEqualTo(transaction);
    assertThat(properties.get("main.consumer.max.poll.interval.ms")).isEqualTo(poll);
  }

  @Test
  void shouldKeepALongerTimeoutOfTheUser() {
    assertTimeouts(properties(20_000, Map.of()), 20_000, 300_000);
    for (String prefix : new String[] {"producer.", ""}) {
      String option = prefix + "transaction.timeout.ms";
      assertTimeouts(properties(20_000, Map.of(option, "60000")), 60_000, 300_000);
      assertTimeouts(properties(20_000, Map.of(option, "15000")), 20_000, 300_000);
    }
    for (String prefix : new String[] {"main.consumer.", "consumer.", ""}) {
      String option = prefix + "max.poll.interval.ms";
      assertTimeouts(properties(20_000, Map.of(option, "900000")), 20_000, 900_000);
      assertTimeouts(properties(20_000, Map.of(option, "1000")), 20_000, 300_000);
    }
    assertThatThrownBy(() -> properties(1, Map.of("transaction.timeout.ms", "1m")))
        .hasMessage(
            "transaction.timeout.ms is 1m; wanted a whole number of milliseconds, without a unit");
  }

  @Test
  void shouldSayWhatToLowerWhereTheBrokersAllowLess() throws Exception {
    try (Cluster cluster = new Cluster(folder, Map.of("transaction.max.timeout.ms", "30000"))) {
      TwinstreamConfig config = Cluster.read(cluster.config("timeouts", Map.of()));
      try (Admin admin = new ClusterClients(config).admin()) {
        BrokerLimits.checkTransactionTimeout(admin, 20_000, 30_000);
        assertThatThrownBy(() -> BrokerLimits.checkTransactionTimeout(admin, 20_000, 60_000))
            .hasMessageContaining("timeout is 60000 ms (20000 for a batch in each partition")
            .hasMessageContaining("is 30000: lower transaction.timeout.ms, or raise");
        assertThatThrownBy(() -> BrokerLimits.checkTransactionTimeout(admin, 40_000, 60_000))
            .hasMessageContaining("lower encoder.max.tokens and encoder.batch.tokens, or raise");
      }
    }
  }
}

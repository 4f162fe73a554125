package dev.twinstream.app;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the brokers allow. */
final class BrokerLimits {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerLimits.class);
  private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

  private BrokerLimits() {}

  /**
   * @param neededMillis the transaction timeout that the encoder needs
   * @param wantedMillis the one it gets, which may be the user's
   * @throws IllegalArgumentException where the brokers allow less
   */
  static void checkTransactionTimeout(Admin admin, long neededMillis, long wantedMillis)
      throws InterruptedException {
    try {
      Node broker = admin.describeCluster().nodes().get().iterator().next();
      ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
      ConfigEntry allowed =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get()
              .get(resource)
              .get(MAX_TRANSACTION_TIMEOUT);
      long most = allowed == null ? Long.MAX_VALUE : Long.parseLong(allowed.value());
      if (wantedMillis > most) {
        throw new IllegalArgumentException(
            "the encoder's transaction timeout is "
                + wantedMillis
                + " ms ("
                + neededMillis
                + " for a batch in each partition, as measured here), but the brokers' "
                + MAX_TRANSACTION_TIMEOUT
                + " is "
                + most
                + ": lower "
                + (neededMillis > most
                    ? TwinstreamConfig.MAX_TOKENS + " and " + TwinstreamConfig.BATCH_TOKENS
                    : ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)
                + ", or raise the brokers' value");
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        // The right to read it is for this check alone; too long a timeout is refused later on.
        LOG.info("no right to read the brokers' {}: not checked", MAX_TRANSACTION_TIMEOUT);
        return;
      }
      throw new IllegalStateException(
          "cannot read the brokers' configuration: " + e.getCause().getMessage(), e);
    }
  }
}

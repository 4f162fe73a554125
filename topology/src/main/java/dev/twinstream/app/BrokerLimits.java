package dev.twinstream.app;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
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
   * @param wantedMillis the transaction timeout that the encoder needs
   * @throws IllegalArgumentException where the brokers allow less
   */
  static void checkTransactionTimeout(Admin admin, long wantedMillis) throws InterruptedException {
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
      if (allowed != null && wantedMillis > Long.parseLong(allowed.value())) {
        throw new IllegalArgumentException(
            "encoding a batch in each partition takes a transaction timeout of "
                + wantedMillis
                + " ms here, but the brokers' "
                + MAX_TRANSACTION_TIMEOUT
                + " is "
                + allowed.value()
                + ": lower "
                + TwinstreamConfig.MAX_TOKENS
                + " and "
                + TwinstreamConfig.BATCH_TOKENS
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

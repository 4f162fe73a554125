package dev.twinstream.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for answers of brokers as Kafka's clients do, for a minute, but says once why nothing
 * happens.
 */
final class SilentBroker {
  private static final Logger LOG = LoggerFactory.getLogger(SilentBroker.class);

  /** What the whole process says: there is one cluster. */
  static final SilentBroker OF_PROCESS = new SilentBroker(Duration.ofSeconds(5), LOG::warn);

  private final Duration patience;
  private final Consumer<String> listener;
  private final AtomicBoolean said = new AtomicBoolean();

  SilentBroker(Duration patience, Consumer<String> listener) {
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * The answer of the cluster.
   *
   * @throws ExecutionException where there is none, or a refusal
   */
  <T> T answer(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
    try {
      T answer = future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      said.set(true); // what takes longer now is the request, not a broker that is not there
      return answer;
    } catch (TimeoutException e) {
      say();
      return future.get();
    }
  }

  /**
   * The cluster's topics.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException where no broker answers
   */
  Map<String, List<PartitionInfo>> topics(KafkaConsumer<?, ?> consumer) {
    try {
      Map<String, List<PartitionInfo>> topics = consumer.listTopics(patience);
      said.set(true);
      return topics;
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      say();
      return consumer.listTopics();
    }
  }

  private void say() {
    if (said.compareAndSet(false, true)) {
      listener.accept(
          "no broker has answered for "
              + patience.toSeconds()
              + " s: see "
              + TwinstreamConfig.BOOTSTRAP_SERVERS
              + " and security.protocol; waiting for up to default.api.timeout.ms");
    }
  }
}

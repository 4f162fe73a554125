package dev.twinstream.app;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.apache.kafka.streams.KafkaStreams;

/** How the parts of the application are, in a word for probes and in numbers for Prometheus. */
final class Health implements AutoCloseable {
  /** Tasks come and go, and their metrics with them. */
  private static final Duration LOOK_FOR_NEW = Duration.ofSeconds(10);

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "metrics");
            thread.setDaemon(true);
            return thread;
          });
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<String, KafkaStreamsMetrics> bound = new TreeMap<>();
  private volatile Map<String, KafkaStreams> applications = Map.of();

  Health() {
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    collections.bindTo(metrics);
  }

  /**
   * @param started each part by its name
   */
  synchronized void watch(Map<String, KafkaStreams> started) {
    started.forEach(
        (name, streams) -> {
          KafkaStreamsMetrics kafka =
              new KafkaStreamsMetrics(streams, Tags.of("application", name), looks, LOOK_FOR_NEW);
          bound.put(name, kafka);
          kafka.bindTo(metrics);
        });
    applications = new TreeMap<>(started);
  }

  /** Whether no part has ended or failed: one that has never comes back by itself. */
  boolean alive() {
    return all(state -> !state.hasCompletedShutdown() && !state.isShuttingDown());
  }

  /** Whether every part has its state and works on its partitions. */
  boolean ready() {
    return !applications.isEmpty() && all(KafkaStreams.State.RUNNING::equals);
  }

  private boolean all(Predicate<KafkaStreams.State> wanted) {
    return applications.values().stream().map(KafkaStreams::state).allMatch(wanted);
  }

  /** The parts and their states, a line each. */
  String report() {
    StringBuilder lines = new StringBuilder();
    applications.forEach(
        (name, streams) -> lines.append(name).append(' ').append(streams.state()).append('\n'));
    return lines.isEmpty() ? "starting\n" : lines.toString();
  }

  /** All metrics of the process in Prometheus' text format. */
  String metrics() {
    return metrics.scrape();
  }

  @Override
  public synchronized void close() {
    bound.values().forEach(KafkaStreamsMetrics::close);
    looks.shutdownNow();
    collections.close();
    metrics.close();
  }
}

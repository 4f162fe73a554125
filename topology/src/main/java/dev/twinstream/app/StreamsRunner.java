package dev.twinstream.app;

import dev.twinstream.encode.EncodeTopology;
import dev.twinstream.schemas.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application, and its encoder beside it: checks and creates topics, starts Kafka Streams,
 * keeps what it died of.
 */
final class StreamsRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final TwinstreamConfig config;
  private final TopicCatalogue topics;
  private final EncoderService encoder;
  private KafkaTriesLog tries;
  private final Map<String, KafkaStreams> applications = new LinkedHashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final RegistryOutage outage =
      new RegistryOutage(millis -> closing.await(millis, TimeUnit.MILLISECONDS), System::nanoTime);
  private CountDownLatch running;
  private boolean closed;

  private StreamsRunner(TwinstreamConfig config, TopicCatalogue topics, EncoderService encoder) {
    this.config = config;
    this.topics = topics;
    this.encoder = encoder;
  }

  /**
   * Finds out what can be wrong with a configuration whatever the cluster; starts nothing.
   *
   * @throws org.apache.kafka.common.config.ConfigException where an option cannot be used
   * @throws IllegalArgumentException where options do not fit each other
   * @throws dev.twinstream.model.ModelException where there is no such model
   */
  static void check(TwinstreamConfig config) {
    if (config.hasEncoder()) {
      EncoderService.bundle(config);
    }
    new Application(config).topology();
  }

  /**
   * Starts the application and waits until it runs.
   *
   * @throws IllegalArgumentException where the configuration does not fit the cluster or the state
   */
  static StreamsRunner start(TwinstreamConfig config) throws InterruptedException {
    StreamsRunner runner = launch(config);
    runner.awaitRunning();
    return runner;
  }

  /**
   * Starts the application; it may have state to restore before it runs.
   *
   * @throws IllegalArgumentException where the configuration does not fit the cluster or the state
   */
  static StreamsRunner launch(TwinstreamConfig config) throws InterruptedException {
    EncoderService encoder = config.hasEncoder() ? new EncoderService(config) : null;
    StreamsRunner runner = null;
    try {
      String model = encoder == null ? "none" : encoder.fingerprint();
      int maxMessageBytes;
      String origin;
      long timeout = encoder == null ? 0 : encoder.timeoutMillis();
      try (Admin admin = new ClusterClients(config).admin()) {
        TopicCatalogue names = new Application(config).topics();
        Topics topics = new Topics(admin);
        topics.ensure(TopicPlan.of(config));
        maxMessageBytes = topics.maxMessageBytes(names.internalNames());
        if (encoder != null) {
          BrokerLimits.checkTransactionTimeout(
              admin, timeout, Application.transactionTimeoutMillis(config, timeout));
        }
        String fingerprint = Fingerprint.of(config, model);
        origin = topics.id(names.documentsById().name());
        Fingerprint.check(config, fingerprint, origin);
        // Behind what may refuse the start: parameters are kept from here on.
        ClusterFingerprint.keep(config, topics, fingerprint);
        Fingerprint.keep(config, fingerprint, origin);
      }
      Application application =
          new Application(
              config, maxMessageBytes, encoder == null ? null : encoder.semanticKeys(), origin);
      application.warn();
      RegistryOutage.awaitSchemas(application.topics(), config);
      runner = new StreamsRunner(config, application.topics(), encoder);
      String id = config.getString(TwinstreamConfig.APPLICATION_ID);
      if (encoder != null) {
        runner.tries =
            new KafkaTriesLog(new ClusterClients(config), application.topics().encodeTries());
        runner.applications.put(
            EncodeTopology.applicationId(id),
            new KafkaStreams(
                application.encodeTopology(encoder.documents(), runner.tries),
                application.encodeProperties(timeout)));
      }
      runner.applications.put(
          id, new KafkaStreams(application.topology(), application.streamsProperties()));
      runner.begin();
      return runner;
    } catch (RuntimeException | InterruptedException e) {
      if (runner != null) {
        runner.close();
      } else if (encoder != null) {
        encoder.close();
      }
      throw e;
    }
  }

  private void begin() {
    running = new CountDownLatch(applications.size());
    for (KafkaStreams streams : applications.values()) {
      AtomicReference<CountDownLatch> once = new AtomicReference<>(running);
      streams.setUncaughtExceptionHandler(
          error -> {
            if (outage.outlasts(error)) {
              return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            failure.compareAndSet(null, error);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
          });
      streams.setStateListener(
          (now, before) -> {
            if (now == KafkaStreams.State.RUNNING || now.hasCompletedShutdown()) {
              CountDownLatch latch = once.getAndSet(null);
              if (latch != null) {
                latch.countDown();
              }
            }
            if (now.hasCompletedShutdown()) {
              ended.countDown();
              // What the other part still restores is of no use without this one.
              while (running.getCount() > 0) {
                running.countDown();
              }
            }
          });
      streams.start();
    }
  }

  /** Waits until every part runs; throws what the application died of instead, if it did. */
  void awaitRunning() throws InterruptedException {
    running.await();
    if (failure.get() != null) {
      close();
    }
    rethrow();
  }

  TopicCatalogue topics() {
    return topics;
  }

  /** The topics that each consumer group reads. */
  Map<String, List<String>> sourcesByGroup() {
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    Map<String, List<String>> sources = new HashMap<>();
    String arrivals =
        encoder == null ? topics.documentsById().name() : topics.documentsEncoded().name();
    sources.put(
        id,
        List.of(
            topics.documents().name(),
            arrivals,
            topics.questions().name(),
            topics.pairMarks().name(),
            topics.bucketRequests().name(),
            topics.contentMessages().name(),
            topics.documentMessages().name(),
            topics.clusterEdges().name()));
    if (encoder != null) {
      sources.put(EncodeTopology.applicationId(id), List.of(topics.documentsById().name()));
    }
    return sources;
  }

  /** Throws what the application died of, if it did. */
  void rethrow() {
    if (failure.get() != null) {
      throw new IllegalStateException(
          "the application stopped: " + failure.get().getMessage(), failure.get());
    }
  }

  /** Blocks until a part of the application has ended, then ends the other. */
  void await() throws InterruptedException {
    ended.await();
    close();
    rethrow();
  }

  /** Each part of the application under the name of its consumer group. */
  Map<String, KafkaStreams> applications() {
    return Map.copyOf(applications);
  }

  /** Ends both parts side by side: what they have read is processed and committed, or left. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    closing.countDown();
    applications.values().parallelStream().forEach(StreamsRunner::close);
    if (encoder != null) {
      encoder.close();
      // A thread that was kept from encoding has yet to write that in the log of tries.
      applications.values().forEach(streams -> streams.close(LAST_WORDS));
    }
    if (tries != null) {
      tries.close();
    }
  }

  private static void close(KafkaStreams streams) {
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn(
          "the application did not end within {} s: what it had not committed is done again",
          CLOSE_TIMEOUT.toSeconds());
    }
  }
}

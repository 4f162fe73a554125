package dev.twinstream.app;

import dev.twinstream.encode.EncodeTopology;
import dev.twinstream.schemas.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * Runs the application, and its encoder beside it: checks and creates topics, starts Kafka Streams,
 * keeps what it died of.
 */
final class StreamsRunner implements AutoCloseable {
  /** The topics' max.message.bytes where this application makes them. */
  static final int WANTED_MESSAGE_BYTES = 64 * 1024 * 1024;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final TwinstreamConfig config;
  private final TopicCatalogue topics;
  private final EncoderService encoder;
  private final KafkaTriesLog tries;
  private final List<KafkaStreams> applications = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  private StreamsRunner(TwinstreamConfig config, TopicCatalogue topics, EncoderService encoder) {
    this.config = config;
    this.topics = topics;
    this.encoder = encoder;
    this.tries =
        encoder == null
            ? null
            : new KafkaTriesLog(new ClusterClients(config), topics.encodeTries());
  }

  /**
   * Starts the application and waits until it runs.
   *
   * @throws IllegalArgumentException where the configuration does not fit the cluster or the state
   */
  static StreamsRunner start(TwinstreamConfig config) throws InterruptedException {
    EncoderService encoder = config.hasEncoder() ? new EncoderService(config) : null;
    try {
      String model = encoder == null ? "none" : encoder.encoder().bundle().checksum();
      Fingerprint.check(config, config.fingerprint(model));
      int maxMessageBytes;
      long timeout = encoder == null ? 0 : encoder.timeoutMillis();
      try (Admin admin = Admin.create(Map.copyOf(config.originals()))) {
        TopicCatalogue names = new Application(config, WANTED_MESSAGE_BYTES, null).topics();
        Topics.ensure(
            admin,
            names,
            config.getInt(TwinstreamConfig.PARTITIONS),
            WANTED_MESSAGE_BYTES,
            Erasure.of(config));
        maxMessageBytes = Topics.maxMessageBytes(admin, names.internalNames());
        Topics.checkOutputs(admin, names);
        BrokerLimits.checkTransactionTimeout(admin, timeout);
      }
      Application application =
          new Application(config, maxMessageBytes, encoder == null ? null : encoder.semanticKeys());
      StreamsRunner runner = new StreamsRunner(config, application.topics(), encoder);
      if (encoder != null) {
        runner.applications.add(
            new KafkaStreams(
                application.encodeTopology(encoder.documents(), runner.tries),
                application.encodeProperties(timeout)));
      }
      runner.applications.add(
          new KafkaStreams(application.topology(), application.streamsProperties()));
      runner.begin();
      return runner;
    } catch (RuntimeException | InterruptedException e) {
      if (encoder != null) {
        encoder.close();
      }
      throw e;
    }
  }

  private void begin() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(applications.size());
    for (KafkaStreams streams : applications) {
      AtomicReference<CountDownLatch> once = new AtomicReference<>(running);
      streams.setUncaughtExceptionHandler(
          error -> {
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
            }
          });
      streams.start();
    }
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

  @Override
  public void close() {
    applications.forEach(streams -> streams.close(CLOSE_TIMEOUT));
    if (encoder != null) {
      encoder.close();
    }
    if (tries != null) {
      tries.close();
    }
  }
}

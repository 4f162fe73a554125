package dev.twinstream.app;

import dev.twinstream.schemas.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** Runs the application: checks and creates topics, starts Kafka Streams, keeps what it died of. */
final class StreamsRunner implements AutoCloseable {
  private static final int WANTED_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final KafkaStreams streams;
  private final TopicCatalogue topics;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private StreamsRunner(KafkaStreams streams, TopicCatalogue topics) {
    this.streams = streams;
    this.topics = topics;
  }

  /**
   * Starts the application and waits until it runs.
   *
   * @throws IllegalArgumentException where the configuration does not fit the cluster or the state
   */
  static StreamsRunner start(TwinstreamConfig config) throws InterruptedException {
    checkFingerprint(config);
    int maxMessageBytes;
    try (Admin admin = Admin.create(Map.copyOf(config.originals()))) {
      TopicCatalogue names = new Application(config, WANTED_MESSAGE_BYTES).topics();
      Topics.ensure(admin, names, config.getInt(TwinstreamConfig.PARTITIONS), WANTED_MESSAGE_BYTES);
      maxMessageBytes = Topics.maxMessageBytes(admin, names.internalNames());
    }
    Application application = new Application(config, maxMessageBytes);
    StreamsRunner runner =
        new StreamsRunner(
            new KafkaStreams(application.topology(), application.streamsProperties()),
            application.topics());
    runner.begin();
    return runner;
  }

  private void begin() throws InterruptedException {
    streams.setUncaughtExceptionHandler(
        error -> {
          failure.compareAndSet(null, error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) {
            running.countDown();
          } else if (now.hasCompletedShutdown()) {
            running.countDown();
            ended.countDown();
          }
        });
    streams.start();
    running.await();
    rethrow();
  }

  TopicCatalogue topics() {
    return topics;
  }

  /** Throws what the application died of, if it did. */
  void rethrow() {
    if (failure.get() != null) {
      throw new IllegalStateException(
          "the application stopped: " + failure.get().getMessage(), failure.get());
    }
  }

  /** Blocks until the application has ended. */
  void await() throws InterruptedException {
    ended.await();
    rethrow();
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(30));
  }

  /** State made under other parameters would give wrong verdicts in silence. */
  private static void checkFingerprint(TwinstreamConfig config) {
    Path file =
        Path.of(
            config.getString(TwinstreamConfig.STATE_DIR),
            config.getString(TwinstreamConfig.APPLICATION_ID) + ".fingerprint");
    String wanted = config.fingerprint();
    try {
      if (Files.exists(file)) {
        String found = Files.readString(file).strip();
        if (!found.equals(wanted)) {
          throw new IllegalArgumentException(
              "the state in "
                  + file.getParent()
                  + " was made with ["
                  + found
                  + "], the configuration says ["
                  + wanted
                  + "]: restore the old values, or start under another application.id");
        }
      } else {
        Files.createDirectories(file.getParent());
        Files.writeString(file, wanted + "\n");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read or write " + file + ": " + e.getMessage(), e);
    }
  }
}

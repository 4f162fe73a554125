package dev.twinstream.app;

import dev.twinstream.app.io.Reasons;
import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.registry.RegistryFailures;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import dev.twinstream.schemas.registry.Sleeper;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a schema registry that is away does to the application: it waits, and loses nothing. It
 * waits a second after the first failure, and twice as long after each one that follows, up to half
 * a minute.
 */
final class RegistryOutage {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryOutage.class);
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  /** A failure so long after the last pause begins another outage. */
  private static final Duration QUIET = Duration.ofMinutes(2);

  private final Sleeper sleeper;
  private final LongSupplier nanoTime;
  private long nextMillis = FIRST_PAUSE_MILLIS;
  private long lastNanos;

  /**
   * @param nanoTime as {@link System#nanoTime()}
   */
  RegistryOutage(Sleeper sleeper, LongSupplier nanoTime) {
    this.sleeper = sleeper;
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
  }

  /**
   * Waits until the registry knows the schemas of all that is written, so that writing needs it no
   * more.
   *
   * @throws SchemaRegistryException where it answers and refuses
   */
  static void awaitSchemas(TopicCatalogue topics, TwinstreamConfig config)
      throws InterruptedException {
    String level = RegistryOptions.compatibilityOrNull(config);
    new RegistryOutage(Thread::sleep, System::nanoTime).await(() -> topics.prepareOutputs(level));
  }

  /**
   * Asks until the registry answers.
   *
   * @throws SchemaRegistryException where it answers and refuses
   */
  void await(Runnable asking) throws InterruptedException {
    while (true) {
      try {
        asking.run();
        return;
      } catch (SchemaRegistryException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for the schema registry");
        }
        if (e.reason() != Reason.UNREACHABLE) {
          throw e;
        }
        LOG.warn("waiting for the schema registry: {}", e.getMessage());
        pause();
      }
    }
  }

  /**
   * Whether a stream thread died only because the registry was away when a record's schema was
   * asked for; then it returns after a pause. The thread's transaction is undone, so another thread
   * meets the same record again.
   */
  boolean outlasts(Throwable error) {
    Optional<Throwable> away = RegistryFailures.temporary(error);
    if (away.isEmpty()) {
      return false;
    }
    LOG.warn("a stream thread starts again, the registry was away: {}", Reasons.of(away.get()));
    try {
      pause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private void pause() throws InterruptedException {
    sleeper.sleep(nextPause());
    synchronized (this) {
      lastNanos = nanoTime.getAsLong();
    }
  }

  private synchronized long nextPause() {
    if (nanoTime.getAsLong() - lastNanos > QUIET.toNanos()) {
      nextMillis = FIRST_PAUSE_MILLIS;
    }
    long pause = nextMillis;
    nextMillis = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    return pause;
  }
}

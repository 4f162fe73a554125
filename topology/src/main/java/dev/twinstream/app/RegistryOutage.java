package dev.twinstream.app;

import dev.twinstream.schemas.TopicCatalogue;
import dev.twinstream.schemas.registry.SchemaRegistryException;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a schema registry that is away does to the application: it waits, and loses nothing. */
final class RegistryOutage {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryOutage.class);

  private RegistryOutage() {}

  /**
   * Waits until the registry knows the schemas of all that is written, so that writing needs it no
   * more.
   *
   * @throws SchemaRegistryException where it answers and refuses
   */
  static void awaitSchemas(TopicCatalogue topics, TwinstreamConfig config)
      throws InterruptedException {
    String level = RegistryOptions.compatibilityOrNull(config);
    while (true) {
      try {
        topics.prepareOutputs(level);
        return;
      } catch (SchemaRegistryException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for the schema registry");
        }
        if (e.reason() != Reason.UNREACHABLE) {
          throw e;
        }
        LOG.warn("waiting for the schema registry: {}", e.getMessage());
      }
    }
  }

  /**
   * Whether a stream thread died only because the registry was away when a record's schema was
   * asked for. Its transaction is undone, so another thread meets the same record again.
   */
  static boolean caused(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SchemaRegistryException registry && registry.isTemporary()) {
        LOG.warn("a stream thread starts again: {}", registry.getMessage());
        return true;
      }
    }
    return false;
  }
}

package dev.twinstream.schemas.registry;

/** Waits between two tries; tests put another one in the place of {@link Thread#sleep(long)}. */
@FunctionalInterface
public interface Sleeper {
  /** Returns after so many milliseconds. */
  void sleep(long millis) throws InterruptedException;
}

package dev.twinstream.app.io;

/** Told of each row that cannot be read; reading goes on. */
@FunctionalInterface
public interface BadRowHandler {
  /**
   * @param line from 1; 0 where the whole file is meant
   */
  void badRow(String file, long line, String reason);
}

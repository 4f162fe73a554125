package dev.twinstream.app.io;

/** Told of each row that cannot be read; reading goes on. */
@FunctionalInterface
public interface BadRowHandler {
  /**
   * @param line from 1; 0 where the whole file is meant
   */
  void badRow(String file, long line, String reason);

  /**
   * Told once when the input itself, not a file of a folder, breaks off: rows before are read, and
   * how many are missing is not known. By default it is one more bad row.
   *
   * @param line the first that is missing, from 1
   */
  default void brokenInput(String file, long line, String reason) {
    badRow(file, line, reason);
  }
}

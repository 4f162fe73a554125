package dev.twinstream.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.Exit;

/** A folder for the time that a command takes: it goes on close, or when the process is ended. */
final class TemporaryFolder implements AutoCloseable {
  /** Those who still write into it until the process ends can get in the way of the deletion. */
  private static final int TRIES = 20;

  private static final long BETWEEN_TRIES_MS = 50;

  private final Path path;
  private final Thread atTheEnd;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.atTheEnd = new Thread(this::deleteAtTheEnd, "delete-" + path.getFileName());
  }

  /**
   * Makes a folder of a new name.
   *
   * @param parentOrNull where; null among the system's temporary ones
   */
  static TemporaryFolder create(Path parentOrNull, String prefix) throws IOException {
    TemporaryFolder folder =
        new TemporaryFolder(
            parentOrNull == null
                ? Files.createTempDirectory(prefix)
                : Files.createTempDirectory(Files.createDirectories(parentOrNull), prefix));
    Runtime.getRuntime().addShutdownHook(folder.atTheEnd);
    return folder;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Utils.delete(path.toFile());
    try {
      Runtime.getRuntime().removeShutdownHook(atTheEnd);
    } catch (IllegalStateException e) {
      // The process is ending: the hook finds nothing to delete.
    }
  }

  private void deleteAtTheEnd() {
    // A broker misses its files from here on: it would say so at length, and halt the process
    // before all are deleted.
    Exit.setHaltProcedure((status, message) -> {});
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    for (int i = 0; i < TRIES && Files.exists(path); i++) {
      try {
        Utils.delete(path.toFile());
      } catch (IOException e) {
        // Something new has been written meanwhile: once more.
      }
      Utils.sleep(BETWEEN_TRIES_MS);
    }
  }
}

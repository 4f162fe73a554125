package dev.twinstream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parameters that shaped the state, kept beside it. */
final class Fingerprint {
  private Fingerprint() {}

  /**
   * Keeps the fingerprint at the first start. State made under other parameters would give wrong
   * verdicts in silence.
   *
   * @throws IllegalArgumentException where another one is kept
   */
  static void check(TwinstreamConfig config, String wanted) {
    Path file =
        Path.of(
            config.getString(TwinstreamConfig.STATE_DIR),
            config.getString(TwinstreamConfig.APPLICATION_ID) + ".fingerprint");
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

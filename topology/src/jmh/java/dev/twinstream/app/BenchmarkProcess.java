package dev.twinstream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The application as users run it, in a process of its own that can be stopped or killed. */
final class BenchmarkProcess {
  private static final long STOP_SECONDS = 300;

  private final Process process;
  private final Path log;

  private BenchmarkProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param folder takes the configuration and the log
   * @param heap as -Xmx takes it
   */
  static BenchmarkProcess launch(Path folder, String name, String heap, Map<String, String> options)
      throws IOException {
    Path config = folder.resolve(name + ".properties");
    List<String> lines =
        options.entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .toList();
    Files.write(config, lines);
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new BenchmarkProcess(process, log);
  }

  /** Whether it has said that it runs. */
  boolean isRunning() throws IOException {
    return Files.readString(log).contains("running; reads");
  }

  /** Throws what the application said last, if it has ended. */
  void check() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          "the application ended with "
              + process.exitValue()
              + "; its log, "
              + log
              + ", says: "
              + Files.readString(log));
    }
  }

  /** Asks it to stop, and waits until it has. */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(
          "the application has not stopped within " + STOP_SECONDS + " s: " + log);
    }
  }

  /** As kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}

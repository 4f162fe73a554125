package dev.twinstream.app;

import java.nio.file.NoSuchFileException;
import picocli.CommandLine;

/** Runs a benchmark's command: one that fails says why in a line. */
final class BenchmarkCommand {
  private BenchmarkCommand() {}

  /** Answers the exit status: 1 where the benchmark failed. */
  static int execute(Object benchmark, String... arguments) {
    return new CommandLine(benchmark)
        .setExecutionExceptionHandler(
            (error, command, parsed) -> {
              System.err.println(command.getCommandName() + ": " + sentence(error));
              if (System.getenv("TWINSTREAM_TRACE") != null) {
                error.printStackTrace();
              }
              return 1;
            })
        .execute(arguments);
  }

  private static String sentence(Exception error) {
    if (error instanceof NoSuchFileException) {
      return "there is no file or folder " + error.getMessage();
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}

package dev.twinstream.app;

import dev.twinstream.app.io.Reasons;
import dev.twinstream.model.NativeOps;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The application's command line. */
@Command(
    name = "twinstream",
    mixinStandardHelpOptions = true,
    version = "twinstream 0.1.0",
    description = "Near-duplicates of documents on a stream.",
    subcommands = {
      DemoCommand.class,
      DedupCommand.class,
      EncodeCommand.class,
      EvaluateCommand.class,
      RunCommand.class,
      HealthCommand.class,
      LoadCommand.class,
      CheckCommand.class,
      MarkCommand.class,
      DlqCommand.class,
      TopicsCommand.class,
      ResetCommand.class,
      MigrateCommand.class,
      ParityCommand.class,
      LshPlanCommand.class,
      DoctorCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs a command, says in a line what it failed of, and gives its exit status. */
  static int execute(String... arguments) {
    CommandLine commands = new CommandLine(new Main());
    commands.setExecutionExceptionHandler(
        (error, command, parsed) -> failed(command.getCommandName(), Reasons.of(error), error));
    try {
      return commands.execute(arguments);
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      // So a native library fails to load: such errors pass by the handler above.
      return failed("twinstream", Reasons.of(e) + "; " + NativeOps.temporaryFolder(), e);
    }
  }

  private static int failed(String command, String reason, Throwable error) {
    System.err.println(command + ": " + reason);
    if (System.getenv("TWINSTREAM_TRACE") != null) {
      error.printStackTrace();
    }
    return 1;
  }
}

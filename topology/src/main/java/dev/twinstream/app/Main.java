package dev.twinstream.app;

import dev.twinstream.app.io.Reasons;
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
        (error, command, parsed) -> {
          System.err.println(command.getCommandName() + ": " + Reasons.of(error));
          if (System.getenv("TWINSTREAM_TRACE") != null) {
            error.printStackTrace();
          }
          return 1;
        });
    return commands.execute(arguments);
  }
}

package dev.twinstream.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reset}: forgets all that was made of the documents. */
@Command(
    name = "reset",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Deletes internal topics, changelogs, committed offsets and this machine's state, so that the"
          + " next start rebuilds everything from the documents topic.",
      "Says first what it will delete, and asks. Refuses while an instance runs. On other machines"
          + " run it too: their state is of no use."
    })
final class ResetCommand implements Callable<Integer> {
  @Mixin ConfigFile config;

  @Option(names = "--yes", description = "does not ask")
  boolean yes;

  @Option(
      names = "--outputs",
      description = "deletes the result topics too; their readers begin anew")
  boolean outputs;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    try (Admin admin = new ClusterClients(options).admin()) {
      Rebuild rebuild = new Rebuild(options, admin);
      rebuild.describe(outputs).forEach(System.err::println);
      if (!yes && !Confirmation.given("reset", "delete them?")) {
        System.err.println("nothing was deleted");
        return 1;
      }
      rebuild.run(outputs);
      System.err.println("done; run reads the documents from their beginning");
      return 0;
    }
  }
}

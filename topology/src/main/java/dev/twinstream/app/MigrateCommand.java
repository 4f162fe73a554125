package dev.twinstream.app;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate}: another number of internal partitions. */
@Command(
    name = "migrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Does what reset does, and makes the internal topics anew with another number of partitions.",
      "The next start, with that number as internal.partitions, rebuilds everything from the"
          + " documents topic."
    })
final class MigrateCommand implements Callable<Integer> {
  @Mixin ConfigFile config;

  @Option(
      names = "--partitions",
      required = true,
      paramLabel = "N",
      description = "partitions of the internal topics from now on")
  int partitions;

  @Option(names = "--yes", description = "does not ask")
  boolean yes;

  @Option(
      names = "--outputs",
      description = "deletes the result topics too; their readers begin anew")
  boolean outputs;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TwinstreamConfig before = config.read();
    Map<String, Object> changed = new HashMap<>(before.originals());
    changed.put(TwinstreamConfig.PARTITIONS, Integer.toString(partitions));
    TwinstreamConfig after = new TwinstreamConfig(changed);
    try (Admin admin = new ClusterClients(before).admin()) {
      Rebuild rebuild = new Rebuild(before, admin);
      int found = rebuild.partitions();
      if (found == partitions) {
        throw new IllegalArgumentException(
            "the internal topics have "
                + found
                + " partitions already: name another number, or use reset");
      }
      System.err.println("internal topics: " + found + " partitions now, " + partitions + " then");
      rebuild.describe(outputs).forEach(System.err::println);
      if (!yes && !Confirmation.given("migrate", "delete them?")) {
        System.err.println("nothing was deleted");
        return 1;
      }
      rebuild.run(outputs);
      new Topics(admin).ensure(TopicPlan.of(after));
      System.err.println(
          "done; set "
              + TwinstreamConfig.PARTITIONS
              + "="
              + partitions
              + " in "
              + config.file
              + " before the next start, on every machine");
      return 0;
    }
  }
}

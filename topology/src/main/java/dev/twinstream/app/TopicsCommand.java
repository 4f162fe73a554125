package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import dev.twinstream.app.TopicCheck.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code topics plan}, {@code apply} and {@code check}: the topics that the application needs. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(plan | apply | check)",
    description = "The topics that the application needs: shows, makes and checks them.")
final class TopicsCommand {
  @Spec CommandSpec spec;

  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Shows every topic with partitions, replicas, cleanup policy, retention, purpose and the"
            + " options that it is made with, as kafka-topics.sh and kafka-configs.sh take them;"
            + " asks no broker.",
        "Partitions of input and output topics are free where you make them yourself; those of"
            + " internal topics and changelogs are internal.partitions, whatever yours have."
      })
  int plan(
      @Mixin ConfigFile config,
      @Option(
              names = "--principal",
              paramLabel = "P",
              description =
                  "shows, after the topics, the rights that this user needs, such as"
                      + " User:twinstream")
          String principal)
      throws IOException {
    TwinstreamConfig options = config.read();
    PrintWriter out = spec.commandLine().getOut();
    out.println("topic\tkind\tpartitions\treplicas\tcleanup\tretention\tpurpose\toptions");
    plan(options).forEach(topic -> out.println(line(topic)));
    if (principal != null) {
      Grants.of(options, principal).forEach(grant -> out.println(Grants.command(grant)));
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Makes the topics that are missing, and checks the others as check does.",
        "Topics that exist are never changed. Changelogs are left to the first start."
      })
  int apply(@Mixin ConfigFile config) throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    List<PlannedTopic> plan = plan(options);
    try (Admin admin = new ClusterClients(options).admin()) {
      Topics topics = new Topics(admin);
      PrintWriter out = spec.commandLine().getOut();
      List<PlannedTopic> made = topics.create(plan);
      made.forEach(topic -> out.println("made " + line(topic)));
      return report(topics, plan, made);
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Compares the topics of the cluster with the plan; changes nothing.",
        "Exit status 1 where a topic is missing or would make results wrong."
      })
  int check(@Mixin ConfigFile config) throws IOException, InterruptedException {
    TwinstreamConfig options = config.read();
    try (Admin admin = new ClusterClients(options).admin()) {
      return report(new Topics(admin), plan(options), List.of());
    }
  }

  private static List<PlannedTopic> plan(TwinstreamConfig options) {
    return TopicPlan.of(options);
  }

  /**
   * @param made topics of which a broker may not have learned yet
   */
  private int report(Topics topics, List<PlannedTopic> plan, List<PlannedTopic> made)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Set<String> existing = new HashSet<>(topics.existing());
    made.forEach(topic -> existing.add(topic.name()));
    List<PlannedTopic> found =
        plan.stream().filter(topic -> existing.contains(topic.name())).toList();
    boolean bad = false;
    for (PlannedTopic topic : plan) {
      if (!existing.contains(topic.name()) && topic.kind() != Kind.CHANGELOG) {
        bad = true;
        out.println("wrong: topic " + topic.name() + " is missing: topics apply makes it");
      }
    }
    List<Finding> findings = topics.check(found);
    for (Finding finding : findings) {
      bad |= finding.wrongResults();
      out.println((finding.wrongResults() ? "wrong: " : "warning: ") + finding.sentence());
    }
    out.printf(Locale.ROOT, "%d topics are there, %d findings%n", found.size(), findings.size());
    out.flush();
    return bad ? 1 : 0;
  }

  private static String line(PlannedTopic topic) {
    return String.join(
        "\t",
        topic.name(),
        topic.kind().name().toLowerCase(Locale.ROOT),
        Integer.toString(topic.partitions()),
        topic.replicas() == PlannedTopic.BROKERS_REPLICAS
            ? "the broker's"
            : Integer.toString(topic.replicas()),
        topic.cleanupPolicy(),
        retention(topic.retentionMs()),
        topic.purpose(),
        topic.optionList());
  }

  private static String retention(String millisOrNull) {
    return millisOrNull == null || millisOrNull.equals("-1")
        ? "unbounded"
        : Duration.ofMillis(Long.parseLong(millisOrNull)).toHours() + " h";
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Topics of a real broker, made and checked. */
class TopicsCommandTest {
  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new Cluster(folder);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private record Run(int status, String output) {}

  private static Run topics(Path config, String... arguments) {
    StringWriter output = new StringWriter();
    CommandLine line = new CommandLine(new TopicsCommand()).setOut(new PrintWriter(output));
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = config.toString();
    return new Run(line.execute(all), output.toString());
  }

  @Test
  void shouldShowMakeAndCheckWhatTheApplicationNeeds() throws Exception {
    Path config = cluster.config("planned", Map.of());

    assertThat(topics(config, "plan", "--principal", "User:ann").output())
        .contains(
            "planned-in\tinput\t2\tthe broker's\tdelete\tunbounded\tdocuments\tcleanup.policy=")
        .contains("planned-content-messages\tinternal\t2\tthe broker's\tdelete\t84 h\t")
        .contains(
            "\tcleanup.policy=delete,max.message.bytes=67108864,"
                + "message.timestamp.type=LogAppendTime,retention.ms=302400000,"
                + "segment.ms=151200000\n")
        .contains("near-duplicates\toutput\t2\tthe broker's\tcompact\tunbounded\t")
        .contains("checks\tinput\t2\tthe broker's\tdelete\t24 h\t")
        .contains(
            "planned-contents-changelog\tchangelog\t2\tthe broker's\tcompact\tunbounded\t"
                + "copy of the store contents\tcleanup.policy=compact,"
                + "delete.retention.ms=151200000,max.compaction.lag.ms=151200000,"
                + "max.message.bytes=67108864,message.timestamp.type=LogAppendTime,"
                + "segment.ms=151200000\n")
        .contains(
            "kafka-acls.sh --add --allow-principal User:ann --operation DescribeConfigs"
                + " --topic planned- --resource-pattern-type prefixed\n")
        .contains(
            "kafka-acls.sh --add --allow-principal User:ann --operation Read --topic planned-in\n");

    Run missing = topics(config, "check");
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.output()).contains("wrong: topic planned-in is missing").contains("0 topic");

    Run made = topics(config, "apply");
    assertThat(made.status()).as(made.output()).isZero();
    assertThat(made.output()).contains("made planned-in\tinput").endsWith("0 findings\n");
    assertThat(topics(config, "apply").output()).doesNotContain("made ");

    StreamsRunner.start(Cluster.read(config)).close();
    Run checked = topics(config, "check");
    assertThat(checked.status()).as(checked.output()).isZero();
    int planned = TopicPlan.of(Cluster.read(config)).size();
    assertThat(checked.output())
        .as("changelogs are as foreseen")
        .isEqualTo(planned + " topics are there, 0 findings\n");
  }

  @Test
  void shouldSayWhatIsWrongWithTopicsThatExist() throws Exception {
    cluster.createTopic("odd-in", 5, Map.of("retention.ms", "60000"));
    cluster.createTopic("odd-cluster-edges", 3, Map.of("message.timestamp.type", "LogAppendTime"));
    cluster.createTopic("odd-content-messages", 2, Map.of("cleanup.policy", "compact"));
    cluster.createTopic("odd-clocks-changelog", 2, Map.of());
    cluster.createTopic("odd-contents-changelog", 2, Map.of());
    cluster.createTopic("clusters", 2, Map.of("retention.ms", "-1", "retention.bytes", "1000"));
    Path config = cluster.config("odd", Map.of());

    Run applied = topics(config, "apply");

    assertThat(applied.status()).isEqualTo(1);
    assertThat(applied.output())
        .contains("warning: topic odd-in has retention.ms 60000, wanted -1: reset and migrate")
        .contains("wrong: topic odd-cluster-edges has 3 partitions, but internal.partitions is 2")
        .contains(
            "wrong: topic odd-content-messages has cleanup.policy compact, wanted delete:"
                + " messages that were not read yet are dropped; set it to delete")
        .contains(
            "warning: topic odd-content-messages has message.timestamp.type CreateTime, wanted"
                + " LogAppendTime: ")
        .contains("wrong: topic odd-contents-changelog has cleanup.policy delete, wanted compact: ")
        .contains("warning: topic clusters has cleanup.policy delete, wanted compact: ")
        .contains("warning: topic clusters has retention.bytes 1000, wanted -1: results vanish")
        .doesNotContain("odd-clocks-changelog");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StreamsRunner.start(Cluster.read(config)))
        .withMessageStartingWith("topic odd-co")
        .matches(e -> !e.getMessage().contains("\n"), "one line");
  }

  @Test
  void shouldSayWhatSettingsLoseAndWhatTheyKeep() throws Exception {
    Path config = cluster.config("kept", Map.of());
    cluster.createTopic("kept-documents-by-id", 2, Map.of("retention.ms", "60000"));
    cluster.createTopic("kept-in-dlq", 2, Map.of("retention.ms", "-1"));
    cluster.createTopic("kept-content-messages", 2, Map.of("max.message.bytes", "300000"));
    cluster.createTopic("encodings", 2, Map.of("cleanup.policy", "compact"));
    cluster.createTopic(
        "kept-contents-changelog",
        2,
        Map.of("cleanup.policy", "compact", "max.message.bytes", "1000"));

    Run applied = topics(config, "apply");

    assertThat(applied.status()).isEqualTo(1);
    assertThat(applied.output())
        .contains(
            "warning: topic kept-documents-by-id has retention.ms 60000, wanted 302400000: what the"
                + " application has not read by then is lost; set it to 302400000\n")
        .contains(
            "warning: topic kept-in-dlq has retention.ms -1, wanted 302400000: what was deleted or"
                + " replaced may stay in it longer than erasure.max.age.ms plans for; set it to"
                + " 302400000\n")
        .contains(
            "warning: topic kept-content-messages has max.message.bytes 300000, wanted 67108864:"
                + " larger documents become dead letters; set it to 67108864\n")
        .contains("warning: topic encodings has segment.ms 604800000, wanted 151200000: ")
        .contains("warning: topic encodings has max.compaction.lag.ms 9223372036854775807, wanted ")
        .contains(
            "wrong: topic kept-contents-changelog has max.message.bytes 1000, wanted 300000 at"
                + " least: the internal topics bring records as large");
  }

  @Test
  void shouldMakeTopicsWithTheReplicasOfTheConfiguration() throws Exception {
    Path config = cluster.config("copied", Map.of("replication.factor", "2"));
    assertThat(topics(config, "plan").output())
        .contains("copied-in\tinput\t2\t2\tdelete\t")
        .contains("copied-contents-changelog\tchangelog\t2\t2\tcompact\t");

    assertThat(Cluster.failure(new TopicsCommand(), "apply", "--config", config.toString()))
        .startsWith("the broker refused to make the topic ")
        .contains("1 broker")
        .endsWith("; set replication.factor to what it takes");
  }
}

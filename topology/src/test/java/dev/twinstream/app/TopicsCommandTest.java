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
        .contains("planned-in\tinput\t2\tdelete\tunbounded\tdocuments\n")
        .contains("planned-content-messages\tinternal\t2\tdelete\t84 h\t")
        .contains("near-duplicates\toutput\t2\tcompact\tunbounded\t")
        .contains("checks\tinput\t2\tdelete\t24 h\t")
        .contains("planned-contents-changelog\tchangelog\t2\tcompact\tunbounded\t")
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
    int planned = TopicPlan.of(Cluster.read(config), 1).size();
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
        .contains("warning: topic odd-in drops records after 60 s: reset and migrate")
        .contains("wrong: topic odd-cluster-edges has 3 partitions, but internal.partitions is 2")
        .contains("wrong: topic odd-content-messages is compacted, which drops")
        .contains("warning: topic odd-content-messages has message.timestamp.type CreateTime")
        .contains("wrong: topic odd-contents-changelog is not compacted")
        .contains("warning: topic clusters is not compacted")
        .contains("warning: topic clusters drops records over 1000 bytes a partition: results")
        .doesNotContain("odd-clocks-changelog");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StreamsRunner.start(Cluster.read(config)))
        .withMessageStartingWith("topic odd-co")
        .matches(e -> !e.getMessage().contains("\n"), "one line");
  }
}

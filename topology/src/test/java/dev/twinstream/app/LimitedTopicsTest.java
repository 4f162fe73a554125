package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.app.PlannedTopic.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A broker that takes records of 8 MiB at most, as managed clusters do. */
class LimitedTopicsTest {
  private static final Map<String, String> LIMITED =
      Map.of("create.topic.policy.class.name", LimitedTopics.class.getName());
  private static final String LIMIT = Integer.toString(LimitedTopics.MOST_BYTES);

  @TempDir Path folder;

  private static String checked(Path config) {
    StringWriter output = new StringWriter();
    CommandLine line = new CommandLine(new TopicsCommand()).setOut(new PrintWriter(output));
    assertThat(line.execute("check", "--config", config.toString())).isZero();
    return output.toString();
  }

  @Test
  void shouldSayWhichOptionToSet() throws Exception {
    try (Cluster cluster = new Cluster(folder, LIMITED)) {
      Path config = cluster.config("limited", Map.of());
      assertThat(Cluster.failure(new TopicsCommand(), "apply", "--config", config.toString()))
          .startsWith("the broker refused to make the topic ")
          .contains("max.message.bytes=67108864")
          .contains("exceeded max limit of 8388608")
          .contains("max.message.bytes follows from topic.max.message.bytes");
    }
  }

  @Test
  void shouldMakeItsTopicsAndTheChangelogsWithTheOption() throws Exception {
    try (Cluster cluster = new Cluster(folder, LIMITED)) {
      Path config = cluster.config("limited", Map.of(TopicOptions.MAX_MESSAGE_BYTES, LIMIT));
      StreamsRunner.start(Cluster.read(config)).close();
      assertThat(checked(config)).as("after a fresh start").endsWith(" are there, 0 findings\n");
      for (String topic : new String[] {"limited-in", "limited-contents-changelog", "clusters"}) {
        assertThat(Cluster.option(Cluster.read(config), topic, "max.message.bytes"))
            .as(topic)
            .isEqualTo(LIMIT);
      }
    }
  }

  @Test
  void shouldTakeTheLimitOfTopicsThatWereMadeByHand() throws Exception {
    try (Cluster cluster = new Cluster(folder, LIMITED)) {
      Path config = cluster.config("limited", Map.of());
      for (PlannedTopic topic : TopicPlan.of(Cluster.read(config))) {
        if (topic.kind() != Kind.CHANGELOG) {
          Map<String, String> options = new HashMap<>(topic.options());
          options.put("max.message.bytes", LIMIT);
          cluster.createTopic(topic.name(), topic.partitions(), options);
        }
      }
      StreamsRunner.start(Cluster.read(config)).close();
      assertThat(checked(config))
          .contains("topic limited-documents-by-id has max.message.bytes 8388608, wanted 67108864")
          .doesNotContain("changelog");
      assertThat(
              Cluster.option(
                  Cluster.read(config), "limited-contents-changelog", "max.message.bytes"))
          .isEqualTo(LIMIT);
    }
  }
}

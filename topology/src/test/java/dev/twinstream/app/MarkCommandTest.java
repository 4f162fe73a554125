package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twinstream.schemas.Document;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users say of pairs, on a real broker. */
class MarkCommandTest {
  @TempDir Path folder;

  private static void mark(Path config, String a, String b, String word) {
    assertThat(Cluster.execute(new MarkCommand(), "--config", config.toString(), a, b, word))
        .isZero();
  }

  private static Map<String, String> settled(Path config, StreamsRunner runner, int passed)
      throws Exception {
    Cluster.settle(config, runner);
    return Cluster.verdicts(config, passed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "avro"})
  void shouldReviseVerdictsAndSurviveAReplay(String format) throws Exception {
    Random random = new Random(12);
    String text = Texts.random(random, 200);
    Document first = new Document("first", text, 1L, null, false);
    Document near =
        new Document("near", Texts.withLastWordsChanged(text, 8, random), 2L, null, false);
    Document other = new Document("other", Texts.random(random, 200), 3L, null, false);
    Map<String, String> unmarked =
        Map.of("first", "unique null", "near", "near first", "other", "unique null");
    Map<String, String> marked =
        Map.of("first", "unique null", "near", "unique null", "other", "near first marked");
    try (Cluster cluster = new Cluster(folder)) {
      Path config = cluster.config("marked", Map.of(TwinstreamConfig.DOCUMENTS_FORMAT, format));
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        Cluster.send(config, first, near, other);
        assertThat(settled(config, runner, 0)).isEqualTo(unmarked);

        mark(config, "near", "first", "not-twins");
        mark(config, "first", "other", "twins");
        assertThat(settled(config, runner, 0)).isEqualTo(marked);

        mark(config, "first", "near", "none");
        mark(config, "other", "first", "none");
        assertThat(settled(config, runner, 0)).as("taken back").isEqualTo(unmarked);

        mark(config, "first", "near", "twins");
        mark(config, "near", "first", "not-twins");
        mark(config, "other", "first", "twins");
        assertThat(settled(config, runner, 0)).as("the last word counts").isEqualTo(marked);
      }
      int passed = Cluster.records(config, "near-duplicates").size();
      Path second =
          cluster.config(
              "replayed",
              Map.of(
                  TwinstreamConfig.DOCUMENTS_FORMAT,
                  format,
                  TwinstreamConfig.DOCUMENTS_TOPIC,
                  "marked-in"));
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(second))) {
        assertThat(settled(second, runner, passed)).as("another application").isEqualTo(marked);
      }
    }
  }

  /** Options of Kafka Streams' own consumer, which may stand in the same file. */
  @ParameterizedTest
  @ValueSource(strings = {"streams", "consumer"})
  void shouldPassOverWhatIsSaidOfTheGroup(String protocol) throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      cluster.createTopic("pair-marks", 1, Map.of());
      Map<String, String> options =
          Map.of(
              "group.protocol", protocol,
              "consumer.group.protocol", protocol,
              "group.instance.id", "twinstream-0");
      Path config = cluster.config("grouped", options);
      mark(config, "a", "b", "twins");
      assertThat(Cluster.records(config, "pair-marks")).hasSize(1);
    }
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      String config = cluster.config("marked", Map.of()).toString();
      assertThat(Cluster.failure(new MarkCommand(), "--config", config, "a", "b", "maybe"))
          .contains("maybe")
          .contains("twins, not-twins or none");
      assertThat(Cluster.failure(new MarkCommand(), "--config", config, "a", "a", "twins"))
          .contains("two documents are wanted");
      String longId = "i".repeat(2000);
      assertThat(Cluster.failure(new MarkCommand(), "--config", config, "a", longId, "twins"))
          .contains("the id has 2000 bytes; at most 1024 are taken");
      assertThat(Cluster.failure(new MarkCommand(), "--config", config, "a", "b", "twins"))
          .contains("there is no topic pair-marks");
    }
  }
}

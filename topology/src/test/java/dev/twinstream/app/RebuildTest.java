package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reset} and {@code migrate} on a real broker. */
class RebuildTest {
  private static final Map<String, String> VERDICTS =
      Map.of("first", "unique null", "near", "near first", "copy", "exact first");

  @TempDir Path folder;

  private static Document[] documents() {
    Random random = new Random(12);
    String text = Texts.random(random, 200);
    return new Document[] {
      new Document("first", text, 1L, null, false),
      new Document("near", Texts.withLastWordsChanged(text, 8, random), 2L, null, false),
      new Document("copy", text, 3L, null, false)
    };
  }

  private static int run(Object command, Path config, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--config", config.toString()));
    arguments.addAll(List.of(more));
    return Cluster.execute(command, arguments.toArray(String[]::new));
  }

  /** An instance that is closed stays in its group for the session's timeout. */
  private static void awaitNoMembers(Path config) throws Exception {
    TwinstreamConfig options = Cluster.read(config);
    try (Admin admin = new ClusterClients(options).admin()) {
      while (true) {
        try {
          new Rebuild(options, admin).describe(false);
          return;
        } catch (IllegalStateException e) {
          assertThat(e).hasMessageContaining("has members");
          Thread.sleep(200);
        }
      }
    }
  }

  private static Set<String> topics(Path config) throws Exception {
    try (Admin admin = new ClusterClients(Cluster.read(config)).admin()) {
      return new Topics(admin).existing();
    }
  }

  /** Keys of all records of the clusters' topic. */
  private static List<String> clusters(Path config) throws Exception {
    List<String> ids = new ArrayList<>();
    Cluster.records(config, "clusters").forEach(record -> ids.add(Utils.utf8(record.key())));
    return ids;
  }

  private static void assertRefused(Path config, String message) throws Exception {
    TwinstreamConfig options = Cluster.read(config);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> StreamsRunner.start(options))
        .withMessageContaining(message);
  }

  /** As where an earlier version has made the state, which kept them on its machines alone. */
  private void assertRefusedWithoutItsParameters(Cluster cluster) throws Exception {
    Path config = cluster.config("rebuilt", Map.of("state.dir", folder.resolve("new").toString()));
    try (Admin admin = new ClusterClients(Cluster.read(config)).admin()) {
      admin.deleteTopics(List.of("rebuilt-parameters")).all().get();
    }
    while (topics(config).contains("rebuilt-parameters")) {
      Thread.sleep(100);
    }
    assertRefused(config, "has state on this cluster, and its topic rebuilt-parameters does not");
    assertThat(Cluster.records(config, "rebuilt-parameters")).isEmpty();
  }

  @Test
  void shouldRebuildFromTheDocumentsUnderAnotherPartitionCount() throws Exception {
    Path states = folder.resolve("state");
    try (Cluster cluster = new Cluster(folder)) {
      Path config = cluster.config("rebuilt", Map.of());
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        Cluster.send(config, documents());
        Cluster.settle(config, runner);
        assertThat(Cluster.failure(new ResetCommand(), "--config", config.toString(), "--yes"))
            .contains("the application runs: its group rebuilt has members");
      }
      assertThat(Cluster.verdicts(config, 0)).isEqualTo(VERDICTS);
      awaitNoMembers(config);
      assertRefused(
          cluster.config(
              "rebuilt",
              Map.of("hash.seed", "77", "state.dir", folder.resolve("empty").toString())),
          "the application rebuilt was started on this cluster with [");
      assertRefusedWithoutItsParameters(cluster);
      config = cluster.config("rebuilt", Map.of());
      assertThat(Cluster.failure(new ResetCommand(), "--config", config.toString()))
          .contains("add --yes");
      Path other = Files.createDirectories(folder.resolve("other"));
      Files.copy(states.resolve("rebuilt.origin"), other.resolve("rebuilt.origin"));

      assertThat(run(new MigrateCommand(), config, "--partitions", "3", "--yes")).isZero();

      assertThat(states.resolve("rebuilt")).doesNotExist();
      assertRefused(config, "has 3 partitions, but internal.partitions is 2");
      String partitions = TwinstreamConfig.PARTITIONS;
      assertRefused(
          cluster.config("rebuilt", Map.of(partitions, "3", "state.dir", other.toString())),
          "goes with internal topics that are no longer there");
      assertThat(run(new ResetCommand(), config, "--yes")).as("once more").isZero();
      config = cluster.config("rebuilt", Map.of(partitions, "3"));
      int passed = Cluster.records(config, "near-duplicates").size();
      List<String> before = clusters(config);
      try (StreamsRunner runner = StreamsRunner.start(Cluster.read(config))) {
        Cluster.settle(config, runner);
        assertThat(Cluster.verdicts(config, passed)).isEqualTo(VERDICTS);
        List<String> after = clusters(config);
        before.forEach(after::remove);
        assertThat(after).as("ids never come again").doesNotContainAnyElementsOf(before);
        assertThat(after).isNotEmpty();
      }
      awaitNoMembers(config);
      assertThat(
              Cluster.failure(
                  new MigrateCommand(), "--config", config.toString(), "--partitions", "3"))
          .contains("have 3 partitions already");
      assertThat(run(new ResetCommand(), config, "--yes", "--outputs")).isZero();
      assertThat(topics(config))
          .contains("rebuilt-in", "rebuilt-in-dlq", "pair-marks")
          .doesNotContain("near-duplicates", "clusters", "rebuilt-content-messages");
    }
  }
}

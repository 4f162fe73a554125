package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with any of the files is said before the first one is run. */
class EvaluateNearDuplicatesCommandTest {
  @TempDir Path folder;
  private String first;

  /** A run of it would fail: a failure that names another file came before. */
  @BeforeEach
  void writeUnlabelledFile() throws Exception {
    first =
        file(
            "first.jsonl",
            "{\"id\":\"a\",\"cluster\":1,\"text\":\"one two three\"}\n"
                + "{\"id\":\"b\",\"text\":\"one two three\"}\n");
  }

  private String file(String name, String rows) throws Exception {
    return Files.writeString(folder.resolve(name), rows).toString();
  }

  private static String failure(String... files) {
    return Cluster.failure(new EvaluateNearDuplicatesCommand(), files);
  }

  @Test
  void shouldNameAMissingFileBeforeAnyRun() {
    String missing = folder.resolve("missing.jsonl").toString();
    assertThat(failure(first, missing)).isEqualTo(missing);
  }

  @Test
  void shouldNameLabelsThatAreNone() throws Exception {
    String without = file("without.jsonl", "{\"id\":\"a\",\"text\":\"one two three\"}\n");
    assertThat(failure(first, without))
        .isEqualTo(
            without
                + ": document a has no cluster; wanted {id, cluster, text}, the cluster a text or a"
                + " number");
    String other =
        file("other.jsonl", "{\"id\":\"a\",\"cluster\":{\"a\":0},\"text\":\"one two three\"}\n");
    assertThat(failure(first, other)).contains("document a has the cluster {\"a\":0}; wanted");
    Files.writeString(Files.createDirectory(folder.resolve("texts")).resolve("a.txt"), "one two");
    assertThat(failure(first, folder.resolve("texts").toString()))
        .contains("document a.txt has no cluster");
  }

  @Test
  void shouldNameAFileWithoutDocumentsBeforeAnyRun() throws Exception {
    String empty = file("empty.jsonl", "");
    assertThat(failure(first, empty))
        .isEqualTo(empty + " has no documents; wanted rows {id, cluster, text}");
    String bad = file("bad.jsonl", "\nno row\n");
    assertThat(failure(first, bad))
        .startsWith(bad + " has no documents; wanted rows {id, cluster, text}; line 2: not JSON")
        .doesNotContain("\n");
  }

  @Test
  void shouldSayThatTheOtherSideNeedsAFile() throws Exception {
    assertThat(DatasketchPeer.compare("-"))
        .isEqualTo("  no datasketch beside it: its script reads a file, found standard input");
    assertThat(DatasketchPeer.compare(folder.toString()))
        .endsWith("its script reads a file, found the folder " + folder);
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says that cannot begin: one line with the cause, and the status 1. */
class MainTest {
  private static final String REGISTRY = "schema.registry.url=http://registry.invalid:8081";

  @TempDir Path folder;

  private Path config(String... lines) throws IOException {
    Path file = folder.resolve("twinstream.properties");
    Files.write(file, List.of(lines));
    return file;
  }

  private String refusal(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.execute(arguments)).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8).lines().reduce((one, next) -> next).orElseThrow();
  }

  @Test
  void shouldSayThatTheBrokersNameIsUnknown() throws IOException {
    Path config =
        config("bootstrap.servers=mistyped.invalid:9092", "encoder.bundle=none", REGISTRY);
    assertThat(refusal("run", "--config", config.toString()))
        .startsWith("run: Failed to create new KafkaAdminClient: No resolvable bootstrap urls");
  }

  @Test
  void shouldNameTheOptionThatIsNoNumber() throws IOException {
    Path config = config("bootstrap.servers=localhost:1", "encoder.bundle=none", REGISTRY);
    for (String option : List.of("buffer.memory", "producer.buffer.memory")) {
      assertThat(refusal("run", "--config", config.toString(), "--set", option + "=abc"))
          .isEqualTo("run: " + option + " is abc; wanted a whole number of bytes, without a unit");
    }
  }

  @Test
  void shouldNameAConfigurationThatCannotBeRead() throws IOException {
    Path file = folder.resolve("latin.properties");
    Files.write(file, "application.id=caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refusal("run", "--config", file.toString()))
        .isEqualTo("run: " + file + " is not UTF-8 text: save it as UTF-8");
    assertThat(refusal("run", "--config", folder.resolve("nowhere").toString()))
        .isEqualTo("run: there is no file or folder " + folder.resolve("nowhere"));
  }

  @Test
  void shouldRefuseAnOutputBeforeAnyWork() throws IOException {
    Path input = Files.writeString(folder.resolve("one.jsonl"), "{\"id\":\"a\",\"text\":\"b\"}");
    Path output = folder.resolve("out.jsonl");
    String folderItself = folder.toString();
    assertThat(refusal("dedup", "--input", input.toString(), "--output", folderItself))
        .isEqualTo("dedup: " + folder + " is a folder; wanted a file to write rows into");
    assertThat(
            refusal(
                "dedup",
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--clusters",
                input.resolve("clusters.jsonl").toString()))
        .isEqualTo(
            "dedup: "
                + input.resolve("clusters.jsonl")
                + " cannot be written: "
                + input
                + " is in the way: move it, or name another path");
    assertThat(output).doesNotExist();
  }
}

package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of {@code dedup} in a process of its own leaves none of its temporary files behind. */
class TemporaryFilesTest {
  private static final int GRACE_SECONDS = 60;

  @TempDir Path folder;
  private Path temporary;
  private Process process;

  @BeforeEach
  void makeFolder() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  @AfterEach
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Reads standard input, which stays open: so it does not end by itself. */
  private void launch(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("dedup", "--input", "-", "--output", folder.resolve("out.jsonl").toString()));
    arguments.addAll(List.of(more));
    launch(arguments);
  }

  private void launch(List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(arguments);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("twinstream-"))
          .toList();
    }
  }

  private boolean hasState() throws IOException {
    for (String name : left()) {
      if (Files.exists(temporary.resolve(name).resolve("verdicts"))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void shouldGoWhenTheRunIsTerminated() throws Exception {
    launch("--lexical-only");
    while (!hasState()) {
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      Thread.sleep(50);
    }
    assertThat(left()).hasSize(1);
    process.destroy();
    assertThat(process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void shouldGoWhereTheStartIsRefused() throws Exception {
    // What the model allows is known behind the start of the broker only.
    launch("--set", "encoder.max.tokens=" + Integer.MAX_VALUE);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("log"))).contains("dedup: ", "2147483647");
    assertThat(left()).isEmpty();
  }

  @Test
  void shouldNameTheFolderWhereNoLibraryCanBeUnpacked() throws Exception {
    Files.delete(temporary);
    String cure = "native libraries are unpacked in " + temporary;
    launch(List.of("doctor"));
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("log")))
        .containsPattern("(?m)^onnx runtime +cannot be used: .*" + cure)
        .containsPattern("(?m)^native ops +cannot be used: .*" + cure)
        .containsPattern("(?m)^gpu +")
        .doesNotContain("\tat ");
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"id\":\"a\",\"text\":\"b\"}");
    launch(List.of("encode", "--input", input.toString(), "--output", "-"));
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("log")))
        .containsPattern("(?m)^twinstream: .*" + cure)
        .doesNotContain("\tat ");
  }
}

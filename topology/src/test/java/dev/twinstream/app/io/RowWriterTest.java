package dev.twinstream.app.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that cannot be written are found before there is anything to write. */
class RowWriterTest {
  @TempDir Path folder;

  @Test
  void shouldLeaveNothingBehindAndKeepWhatIsThere() throws IOException {
    Path there = Files.writeString(folder.resolve("there.jsonl"), "rows");
    RowWriter.check(there.toString());
    assertThat(there).hasContent("rows");
    Path later = folder.resolve("made/later.jsonl");
    RowWriter.check(later.toString());
    assertThat(later).doesNotExist();
    assertThat(later.getParent()).isEmptyDirectory();
    RowWriter.check("-");
  }

  @Test
  void shouldWriteIntoAFolderBehindALink() throws IOException {
    Path link =
        Files.createSymbolicLink(folder.resolve("link"), Files.createTempDirectory(folder, "real"));
    Path output = link.resolve("o.jsonl");
    RowWriter.check(output.toString());
    RowWriter.open(output.toString()).close();
    assertThat(output).isEmptyFile();
  }

  @Test
  void shouldNotPassOverAFullStandardOutput() throws IOException {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    PrintStream before = System.out;
    System.setOut(new PrintStream(full));
    try {
      RowWriter writer = RowWriter.open("-");
      writer.write(Map.of("id", "a"));
      assertThatThrownBy(writer::close)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("standard output cannot be written");
      RowWriter many = RowWriter.open("-");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  many.write(Map.of("id", i));
                }
              })
          .as("long before the end")
          .hasMessageContaining("standard output cannot be written");
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void shouldRefuseTheInput() throws IOException {
    Path input = Files.writeString(folder.resolve("input.jsonl"), "rows");
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), input);
    for (Path output : new Path[] {input, link, folder.resolve("./input.jsonl")}) {
      assertThatThrownBy(() -> RowWriter.check(output.toString(), input.toString()))
          .hasMessage(output + " is the input too: name another file for the output");
    }
    RowWriter.check(folder.resolve("other.jsonl").toString(), input.toString());
    RowWriter.check(input.toString(), "-");
    RowWriter.check(input.toString(), folder.toString());
    assertThat(input).hasContent("rows");
  }

  @Test
  void shouldNameTheOutputThatCannotBeWritten() throws IOException {
    assertThatThrownBy(() -> RowWriter.check(folder.toString()))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + " is a folder; wanted a file to write rows into");
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> RowWriter.check(file.resolve("o.jsonl").toString()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file.resolve("o.jsonl")
                + " cannot be written: "
                + file
                + " is in the way: move it, or name another path");
  }
}

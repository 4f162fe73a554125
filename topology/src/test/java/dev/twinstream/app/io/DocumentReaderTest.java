package dev.twinstream.app.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.schemas.Document;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in any packing; bad ones are named with file and line, and the rest is read. */
class DocumentReaderTest {
  @TempDir Path folder;
  private final List<String> bad = new ArrayList<>();

  private List<Document> read(Path input) throws IOException {
    List<Document> documents = new ArrayList<>();
    try (DocumentReader reader =
        DocumentReader.open(
            input.toString(),
            (file, line, reason) ->
                bad.add(Path.of(file).getFileName() + ":" + line + ": " + reason))) {
      for (Document row = reader.next(); row != null; row = reader.next()) {
        documents.add(row);
      }
    }
    return documents;
  }

  private Path rows(String name, List<Map<String, ?>> rows) throws IOException {
    Path file = folder.resolve(name);
    try (RowWriter writer = RowWriter.open(file.toString())) {
      for (Map<String, ?> row : rows) {
        writer.write(row);
      }
    }
    return file;
  }

  @Test
  void shouldReadWhatTheWriterWroteInAnyPacking() throws IOException {
    List<Map<String, ?>> rows =
        List.of(
            Map.of("id", "a", "text", "one \u00e9 \ud83d\ude00 \n two", "scope", "s"),
            Map.of("id", 7, "text", "seven", "published_at", "1954-02-01"),
            Map.of("id", "a", "deleted", true));
    for (String name : List.of("d.jsonl", "d.jsonl.gz", "d.json.xz")) {
      List<Document> documents = read(rows(name, rows));
      assertThat(documents)
          .containsExactly(
              new Document("a", "one \u00e9 \ud83d\ude00 \n two", null, "s", false),
              new Document("7", "seven", -502_243_200_000L, null, false),
              new Document("a", null, null, null, true));
    }
    assertThat(bad).isEmpty();
  }

  @Test
  void shouldNameBadRowsAndGoOn() throws IOException {
    Path file = folder.resolve("bad.jsonl");
    byte[] latin = "{\"id\":\"x\",\"text\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    String before = "{\"id\":\"a\",\"text\":\"t\"}\n\nnonsense\n{\"text\":\"t\"}\n{\"id\":\"b\"}\n";
    String after =
        "{\"id\":\"c\",\"text\":\"t\",\"published_at\":\"soon\"}\n{\"id\":\"\\ud800\",\"text\":\"t\"}\n"
            + "{\"id\":\"z\",\"text\":\"\\ud800\"}";
    Files.write(file, before.getBytes(StandardCharsets.UTF_8));
    Files.write(file, latin, java.nio.file.StandardOpenOption.APPEND);
    Files.writeString(file, after, java.nio.file.StandardOpenOption.APPEND);
    assertThat(read(file))
        .containsExactly(
            new Document("a", "t", null, null, false),
            new Document("z", "\ufffd", null, null, false));
    assertThat(bad).hasSize(6);
    assertThat(bad.get(0)).startsWith("bad.jsonl:3: not JSON");
    assertThat(bad.get(1))
        .isEqualTo("bad.jsonl:4: the document has neither an id nor a record key");
    assertThat(bad.get(2))
        .isEqualTo("bad.jsonl:5: the document has neither a text nor deleted=true");
    assertThat(bad.get(3)).isEqualTo("bad.jsonl:6: is not UTF-8");
    assertThat(bad.get(4)).startsWith("bad.jsonl:7: published_at is \"soon\"");
    assertThat(bad.get(5)).startsWith("bad.jsonl:8: the id has a lone surrogate");
  }

  @Test
  void shouldReadAFolderOfTextsAndRowsInOrderOfName() throws IOException {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/b.txt"), "plain text");
    Files.write(folder.resolve("sub/c.txt"), new byte[] {(byte) 0xff, 0});
    rows("a.jsonl", List.of(Map.of("id", "row", "text", "t")));
    assertThat(read(folder))
        .containsExactly(
            new Document("row", "t", null, null, false),
            new Document("sub/b.txt", "plain text", null, null, false));
    assertThat(bad).containsExactly("c.txt:0: is not UTF-8 text");
  }

  @Test
  void shouldSayWhereAPackedFileBreaksOff() throws IOException {
    Path whole = rows("whole.jsonl.gz", List.of(Map.of("id", "a", "text", "t ".repeat(50_000))));
    byte[] bytes = Files.readAllBytes(whole);
    Path broken = folder.resolve("broken.jsonl.gz");
    Files.write(broken, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(read(broken)).isEmpty();
    assertThat(bad).hasSize(1);
    assertThat(bad.get(0)).startsWith("broken.jsonl.gz:1: the file breaks off");
    assertThatThrownBy(() -> read(folder.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class);
  }
}

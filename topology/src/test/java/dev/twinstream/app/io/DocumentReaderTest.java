package dev.twinstream.app.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twinstream.schemas.Document;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.XZInputStream;

/** Rows in any packing; bad ones are named with file and line, and the rest is read. */
class DocumentReaderTest {
  @TempDir Path folder;
  private final List<String> bad = new ArrayList<>();

  private final List<String> broken = new ArrayList<>();

  private List<Document> read(Path input) throws IOException {
    BadRowHandler handler =
        new BadRowHandler() {
          @Override
          public void badRow(String file, long line, String reason) {
            bad.add(Path.of(file).getFileName() + ":" + line + ": " + reason);
          }

          @Override
          public void brokenInput(String file, long line, String reason) {
            broken.add(Path.of(file).getFileName() + ":" + line + ": " + reason);
          }
        };
    List<Document> documents = new ArrayList<>();
    try (DocumentReader reader = DocumentReader.open(input.toString(), handler)) {
      for (Document row = reader.next(); row != null; row = reader.next()) {
        documents.add(row);
      }
    }
    return documents;
  }

  @Test
  void shouldFollowLinksAndRefuseOtherPackings() throws IOException {
    Path there = Files.createDirectories(folder.resolve("there/sub"));
    Files.writeString(there.resolve("a.JSONL"), "{\"id\":\"a\",\"text\":\"b\"}\n");
    Files.write(there.resolve("b.jsonl.zst"), new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD});
    Path link = Files.createSymbolicLink(folder.resolve("link"), there.getParent());
    assertThat(read(link)).extracting(Document::getId).containsExactly("a");
    assertThat(bad).singleElement().asString().startsWith("b.jsonl.zst:0: cannot be read: of what");
    assertThatThrownBy(() -> read(there.resolve("b.jsonl.zst")))
        .hasMessageContaining("b.jsonl.zst cannot be opened: of what is packed, .gz and .xz");
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
        "{\"id\":\"c\",\"text\":\"t\",\"published_at\":\"soon\"}\n"
            + "{\"id\":\"\\ud800\",\"text\":\"t\"}\n"
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
  void shouldNameRowsOfTwoDocumentsAndValuesOfAnotherType() throws IOException {
    String a = "{\"id\":\"a\",\"text\":\"t\"}";
    Path file =
        Files.write(
            folder.resolve("types.jsonl"),
            List.of(
                a + a.replace("a", "b"),
                a + "}",
                "{\"id\":\"c\",\"text\":\"t\",\"deleted\":\"yes\"}",
                "{\"id\":\"d\",\"deleted\":1}",
                "{\"id\":\"e\",\"text\":\"t\",\"deleted\":null}",
                a + " \t"));
    assertThat(read(file).stream().map(Document::getId)).containsExactly("e", "a");
    assertThat(bad).hasSize(4);
    assertThat(bad.get(0))
        .isEqualTo("types.jsonl:1: more stands behind the JSON value; wanted one document a row");
    assertThat(bad.get(1)).startsWith("types.jsonl:2: not JSON: Unexpected close marker");
    assertThat(bad.get(2)).isEqualTo("types.jsonl:3: deleted is a STRING; wanted true or false");
    assertThat(bad.get(3)).isEqualTo("types.jsonl:4: deleted is a NUMBER; wanted true or false");
  }

  @Test
  void shouldPassOverByteOrderMarks() throws IOException {
    Files.writeString(folder.resolve("a.JSONL"), "\uFEFF{\"id\":\"a\",\"text\":\"one\"}\n");
    Files.writeString(folder.resolve("b.txt"), "\uFEFFtwo");
    assertThat(read(folder))
        .containsExactly(
            new Document("a", "one", null, null, false),
            new Document("b.txt", "two", null, null, false));
    assertThat(bad).isEmpty();
  }

  @Test
  void shouldRefuseTextFilesWhoseNamesAreLost() throws Exception {
    // A name in Latin-1: no encoding of names that this system may have takes it.
    Process made =
        new ProcessBuilder("bash", "-c", "printf one > $'caf\\xe9.txt'")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    assertThat(read(folder)).isEmpty();
    assertThat(bad).hasSize(1).first().asString().contains("encoding of file names");
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

  /** The writer packs a file of some megabytes, of which the second half is cut off. */
  private Path brokenOff(String name) throws IOException {
    Random random = new Random(3);
    List<Map<String, ?>> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] noise = new byte[5_000];
      random.nextBytes(noise);
      rows.add(Map.of("id", "d" + i, "text", HexFormat.of().formatHex(noise)));
    }
    Path file = rows(name, rows);
    byte[] bytes = Files.readAllBytes(file);
    return Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** Whole lines that the library unpacks when it is asked for one byte at a time. */
  private static int linesBeforeTheBreak(InputStream unpacking) throws IOException {
    int lines = 0;
    try (unpacking) {
      while (true) {
        lines += unpacking.read() == '\n' ? 1 : 0;
      }
    } catch (EOFException e) {
      return lines;
    }
  }

  @Test
  void shouldReadAllThatIsUnpackedBeforeABreakAndNameIt() throws IOException {
    for (String name : List.of("half.jsonl.gz", "half.jsonl.xz")) {
      Path file = brokenOff(name);
      InputStream packed = new BufferedInputStream(Files.newInputStream(file));
      int whole =
          linesBeforeTheBreak(
              name.endsWith("gz") ? new GZIPInputStream(packed) : new XZInputStream(packed));
      assertThat(whole).isBetween(150, 250);
      assertThat(read(file)).hasSize(whole);
      assertThat(bad).isEmpty();
      assertThat(broken).hasSize(1);
      assertThat(broken.remove(0))
          .startsWith(name + ":" + (whole + 1) + ": the file breaks off: ")
          .doesNotContain("null");
    }
  }

  @Test
  void shouldTakeAFileOfAFolderThatBreaksOffForABadRow() throws IOException {
    brokenOff("a.jsonl.gz");
    Files.write(folder.resolve("b.jsonl.xz"), new byte[0]);
    rows("c.jsonl", List.of(Map.of("id", "after", "text", "t")));
    assertThat(read(folder)).last().extracting(Document::getId).isEqualTo("after");
    assertThat(broken).isEmpty();
    assertThat(bad).hasSize(2);
    assertThat(bad.get(0)).contains("the file breaks off: ");
    assertThat(bad.get(1)).isEqualTo("b.jsonl.xz:0: cannot be opened: the end is missing");
  }

  @Test
  void shouldRefuseAFileThatCannotBeOpened() throws IOException {
    Path none = Files.writeString(folder.resolve("none.jsonl.gz"), "no gzip at all");
    assertThatThrownBy(() -> read(none))
        .isInstanceOf(IOException.class)
        .hasMessage(none + " cannot be opened: Not in GZIP format");
    assertThatThrownBy(() -> read(folder.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldPassOverARowThatIsTooLongForADocument() throws IOException {
    Path file = folder.resolve("long.jsonl");
    try (RandomAccessFile rows = new RandomAccessFile(file.toFile(), "rw")) {
      rows.seek(DocumentReader.MOST_ROW_BYTES + 1L); // nothing is written up to there
      rows.writeBytes("\n{\"id\":\"a\",\"text\":\"after it\"}\n");
    }
    assertThat(read(file)).containsExactly(new Document("a", "after it", null, null, false));
    assertThat(bad)
        .containsExactly(
            "long.jsonl:1: has over 201326592 bytes: split the document, or shorten it");
  }
}

package dev.twinstream.app.io;

import dev.twinstream.schemas.Document;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Streams documents from a file of JSON lines ({@code .jsonl}, {@code .json}, {@code .ndjson}, each
 * also {@code .gz} or {@code .xz}), from a folder of such files and of text files, or from standard
 * input ({@code -}). One row is held in memory at a time.
 */
public final class DocumentReader implements AutoCloseable {
  private final Deque<Path> files = new ArrayDeque<>();
  private final Path root;
  private final BadRowHandler badRows;
  private InputStream current;
  private String currentName;
  private long line;

  private DocumentReader(Path root, List<Path> files, BadRowHandler badRows) {
    this.root = root;
    this.files.addAll(files);
    this.badRows = badRows;
  }

  /**
   * @throws IOException where the file or folder is not there
   */
  public static DocumentReader open(String input, BadRowHandler badRows) throws IOException {
    if (input.equals("-")) {
      DocumentReader reader = new DocumentReader(null, List.of(), badRows);
      reader.current = new BufferedInputStream(System.in, 1 << 16);
      reader.currentName = "standard input";
      return reader;
    }
    Path path = Path.of(input);
    if (!Files.exists(path)) {
      throw new NoSuchFileException(input, null, "there is no such file or folder");
    }
    if (!Files.isDirectory(path)) {
      return new DocumentReader(null, List.of(path), badRows);
    }
    try (Stream<Path> found = Files.walk(path)) {
      return new DocumentReader(
          path, found.filter(Files::isRegularFile).sorted().toList(), badRows);
    }
  }

  /** The next document, or null at the end. */
  public Document next() throws IOException {
    while (true) {
      if (current == null) {
        Path file = files.poll();
        if (file == null) {
          return null;
        }
        if (root != null && !isRows(file)) {
          Document document = textFile(file);
          if (document != null) {
            return document;
          }
          continue;
        }
        open(file);
        continue;
      }
      Document document = nextRow();
      if (document != null) {
        return document;
      }
    }
  }

  private static boolean isRows(Path file) {
    String name = file.getFileName().toString().replaceAll("\\.(gz|xz)$", "");
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
  }

  private void open(Path file) {
    currentName = file.toString();
    line = 0;
    try {
      current = new BufferedInputStream(decompressed(file), 1 << 16);
    } catch (IOException e) {
      badRows.badRow(currentName, 0, "cannot be opened: " + e.getMessage());
    }
  }

  private static InputStream decompressed(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    String name = file.getFileName().toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw, 1 << 16);
    }
    return name.endsWith(".xz") ? new XZInputStream(raw) : raw;
  }

  private Document textFile(Path file) {
    String name = root.relativize(file).toString();
    try (InputStream in = decompressed(file)) {
      return new Document(name, decode(in.readAllBytes()), null, null, false);
    } catch (CharacterCodingException e) {
      badRows.badRow(file.toString(), 0, "is not UTF-8 text");
    } catch (IOException e) {
      badRows.badRow(file.toString(), 0, "cannot be read: " + e.getMessage());
    }
    return null;
  }

  private Document nextRow() throws IOException {
    byte[] row;
    try {
      row = readLine();
    } catch (IOException e) {
      badRows.badRow(currentName, line + 1, "the file breaks off: " + e.getMessage());
      row = null;
    }
    if (row == null) {
      current.close();
      current = null;
      return null;
    }
    line++;
    try {
      String text = decode(row);
      return text.isBlank() ? null : JsonDocument.parse(text, null);
    } catch (CharacterCodingException e) {
      badRows.badRow(currentName, line, "is not UTF-8");
    } catch (IllegalArgumentException e) {
      badRows.badRow(currentName, line, e.getMessage());
    }
    return null;
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private byte[] readLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    int b = current.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = current.read()) {
      bytes.write(b);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}

package dev.twinstream.app.io;

import dev.twinstream.schemas.Document;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Streams documents from a file of JSON lines ({@code .jsonl}, {@code .json}, {@code .ndjson}, each
 * also {@code .gz} or {@code .xz}), from a folder of such files and of text files, or from standard
 * input ({@code -}). One row is held in memory at a time; one that is too long for a document is
 * not.
 */
public final class DocumentReader implements AutoCloseable {
  private static final char REPLACEMENT = '\uFFFD';
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final Pattern OTHER_PACKING =
      Pattern.compile(".*\\.(zst|zstd|bz2|lz4|zip|7z|tar|tgz|parquet)");

  /** The largest document, 64 MiB, has no more even where each letter of two bytes is escaped. */
  static final int MOST_ROW_BYTES = 192 * 1024 * 1024;

  private final Deque<Path> files = new ArrayDeque<>();
  private final Path root;
  private final BadRowHandler badRows;
  private InputStream current;
  private String currentName;
  private long line;
  private String row;
  private boolean tooLong;
  private long bytesRead;
  private long bytesBefore;
  private long unpacked;
  private final byte[] buffer = new byte[1 << 18];
  private int bufferStart;
  private int bufferEnd;

  private DocumentReader(Path root, List<Path> files, BadRowHandler badRows) {
    this.root = root;
    this.files.addAll(files);
    this.badRows = badRows;
  }

  /**
   * Opens the input, where it is a file; files of a folder are opened as it is read, and those that
   * cannot be are bad rows.
   *
   * @throws IOException where the file or folder is not there or cannot be opened
   */
  public static DocumentReader open(String input, BadRowHandler badRows) throws IOException {
    if (input.equals("-")) {
      DocumentReader reader = new DocumentReader(null, List.of(), badRows);
      reader.current = System.in;
      reader.currentName = "standard input";
      return reader;
    }
    Path path = Path.of(input);
    if (Files.notExists(path)) {
      throw new NoSuchFileException(input);
    }
    if (!Files.isDirectory(path)) {
      DocumentReader reader = new DocumentReader(null, List.of(), badRows);
      try {
        reader.open(path);
      } catch (IOException e) {
        throw new IOException(input + " cannot be opened: " + Reasons.of(e), e);
      }
      return reader;
    }
    try (Stream<Path> found = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      return new DocumentReader(
          path, found.filter(Files::isRegularFile).sorted().toList(), badRows);
    } catch (UncheckedIOException e) {
      throw new IOException(input + " cannot be read: " + Reasons.of(e.getCause()), e.getCause());
    }
  }

  /** The JSON row that gave the last document; null where it came from a text file. */
  public String row() {
    return row;
  }

  /**
   * Bytes, of the files as they lie on disk, that gave the documents so far. What was read ahead is
   * left out: of a compressed file by its share of the unpacked bytes, so about.
   */
  public long bytesRead() {
    if (unpacked == 0) {
      return bytesRead;
    }
    double share = 1 - (double) (bufferEnd - bufferStart) / unpacked;
    return bytesBefore + Math.round((bytesRead - bytesBefore) * share);
  }

  /** Where the last document came from: its file, and its line where the file has rows. */
  public String position() {
    return line > 0 ? currentName + ":" + line : currentName;
  }

  /** The next document, or null at the end. */
  public Document next() throws IOException {
    while (true) {
      if (current == null) {
        Path file = files.poll();
        if (file == null) {
          return null;
        }
        if (isRows(file)) {
          openInFolder(file);
        } else {
          Document document = textFile(file);
          if (document != null) {
            return document;
          }
        }
        continue;
      }
      Document document = nextRow();
      if (document != null) {
        return document;
      }
    }
  }

  private static boolean isRows(Path file) {
    String name =
        file.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("\\.(gz|xz)$", "");
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json");
  }

  private void begin(Path file) {
    currentName = file.toString();
    line = 0;
    bufferStart = 0;
    bufferEnd = 0;
    bytesBefore = bytesRead;
    unpacked = 0;
  }

  private void open(Path file) throws IOException {
    begin(file);
    current = decompressed(file);
  }

  private void openInFolder(Path file) {
    try {
      open(file);
    } catch (IOException e) {
      badRows.badRow(currentName, 0, "cannot be opened: " + Reasons.of(e));
    }
  }

  /** Without a buffer around it: that would drop what is unpacked before a break. */
  private InputStream decompressed(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (OTHER_PACKING.matcher(name).matches()) {
      throw new IOException(
          "of what is packed, .gz and .xz are read: unpack it (zstdcat, bzcat and the like) into"
              + " JSON lines or text files");
    }
    InputStream raw = new BufferedInputStream(counted(Files.newInputStream(file)), 1 << 16);
    try {
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(raw, 1 << 16);
      }
      return name.endsWith(".xz") ? byChunks(new XZInputStream(raw)) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Reads no further at once than what is unpacked: a read that meets the break after the end of a
   * chunk would drop the chunk.
   */
  private static InputStream byChunks(XZInputStream xz) {
    return new FilterInputStream(xz) {
      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        return super.read(bytes, from, Math.min(length, Math.max(1, available())));
      }
    };
  }

  private InputStream counted(InputStream file) {
    return new FilterInputStream(file) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        bytesRead += value < 0 ? 0 : 1;
        return value;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int count = super.read(bytes, from, length);
        bytesRead += Math.max(0, count);
        return count;
      }
    };
  }

  private Document textFile(Path file) {
    String name = root.relativize(file).toString();
    begin(file);
    if (name.indexOf(REPLACEMENT) >= 0) {
      // Names that differ there alone would be taken for one.
      badRows.badRow(
          currentName,
          0,
          "its name is not in this system's encoding of file names: rename it, or set"
              + " LC_ALL=C.UTF-8");
      return null;
    }
    try (InputStream in = decompressed(file)) {
      return new Document(name, unmarked(decode(in.readAllBytes())), null, null, false);
    } catch (CharacterCodingException e) {
      badRows.badRow(file.toString(), 0, "is not UTF-8 text");
    } catch (IOException e) {
      badRows.badRow(file.toString(), 0, "cannot be read: " + Reasons.of(e));
    }
    return null;
  }

  private Document nextRow() throws IOException {
    byte[] bytes;
    try {
      bytes = readLine();
    } catch (IOException e) {
      String reason = "the file breaks off: " + Reasons.of(e);
      if (root == null) {
        badRows.brokenInput(currentName, line + 1, reason);
      } else {
        badRows.badRow(currentName, line + 1, reason);
      }
      bytes = null;
    }
    if (bytes == null) {
      current.close();
      current = null;
      return null;
    }
    line++;
    if (tooLong) {
      badRows.badRow(
          currentName,
          line,
          "has over " + MOST_ROW_BYTES + " bytes: split the document, or shorten it");
      return null;
    }
    try {
      String text = line == 1 ? unmarked(decode(bytes)) : decode(bytes);
      this.row = text;
      return text.isBlank() ? null : JsonDocument.parse(text, null);
    } catch (CharacterCodingException e) {
      badRows.badRow(currentName, line, "is not UTF-8");
    } catch (IllegalArgumentException e) {
      badRows.badRow(currentName, line, e.getMessage());
    }
    return null;
  }

  private static String unmarked(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      // Either the text has this character, or it stands for what is not UTF-8: this tells.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
    return text;
  }

  /**
   * The next line without its end, or null at the end of the file. Of a line that is too long for a
   * row nothing is kept.
   */
  private byte[] readLine() throws IOException {
    ByteArrayOutputStream begun = null;
    tooLong = false;
    while (true) {
      if (bufferStart == bufferEnd) {
        bufferStart = 0;
        bufferEnd = Math.max(0, current.read(buffer));
        unpacked += bufferEnd;
        if (bufferEnd == 0) {
          return begun == null ? null : begun.toByteArray();
        }
      }
      int start = bufferStart;
      int end = start;
      while (end < bufferEnd && buffer[end] != '\n') {
        end++;
      }
      boolean whole = end < bufferEnd;
      bufferStart = whole ? end + 1 : end;
      if (whole && begun == null) {
        return Arrays.copyOfRange(buffer, start, end);
      }
      begun = begun == null ? new ByteArrayOutputStream(2 * buffer.length) : begun;
      tooLong = tooLong || begun.size() + end - start > MOST_ROW_BYTES;
      if (tooLong) {
        begun.reset();
      } else {
        begun.write(buffer, start, end - start);
      }
      if (whole) {
        return begun.toByteArray();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}

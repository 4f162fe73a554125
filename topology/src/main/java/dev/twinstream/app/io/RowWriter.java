package dev.twinstream.app.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Writes JSON lines to a file (gzip or xz by its ending) or to standard output ({@code -}). */
public final class RowWriter implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  /** Whether standard output still has a reader is asked after so many bytes. */
  private static final int CHECKED_BYTES = 1 << 16;

  private final OutputStream out;
  private final boolean standard;
  private int unchecked;

  private RowWriter(OutputStream out, boolean standard) {
    this.out = out;
    this.standard = standard;
  }

  /**
   * As {@link #check(String)}, and makes sure that the output is not the input, which opening it
   * would empty.
   *
   * @param inputOrNull a file, a folder or {@code -}
   */
  public static void check(String output, String inputOrNull) throws IOException {
    if (inputOrNull != null
        && !output.equals("-")
        && !inputOrNull.equals("-")
        && Files.isRegularFile(Path.of(output))
        && areSame(output, inputOrNull)) {
      throw new IOException(output + " is the input too: name another file for the output");
    }
    check(output);
  }

  /**
   * As {@link #check(String, String)}, where what is written are no rows: it goes to a file.
   *
   * @param inputOrNull a file, a folder or {@code -}
   */
  public static void checkFile(String output, String inputOrNull) throws IOException {
    if (output.equals("-")) {
      throw new IOException("the output is -; wanted a file: name one");
    }
    check(output, inputOrNull);
  }

  /** Whether two names are of one file, which need not be there. */
  public static boolean areSame(String a, String b) throws IOException {
    Path first = Path.of(a);
    Path second = Path.of(b);
    return Files.exists(first) && Files.exists(second)
        ? Files.isSameFile(first, second)
        : first.toAbsolutePath().normalize().equals(second.toAbsolutePath().normalize());
  }

  /**
   * Makes sure that the output can be opened later, and makes the folder it is in. A file that is
   * there keeps its rows.
   *
   * @throws IOException where it cannot be opened; the message names it and says why
   */
  public static void check(String output) throws IOException {
    if (output.equals("-")) {
      return;
    }
    Path path = Path.of(output).toAbsolutePath();
    if (Files.isDirectory(path)) {
      throw new IOException(output + " is a folder; wanted a file to write rows into");
    }
    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return; // to open a pipe waits for its reader, to close it ends what that reads
    }
    try {
      makeFolder(path.getParent());
      Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      if (!there) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new IOException(output + " cannot be written: " + Reasons.of(e), e);
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) { // a link to a folder will do
      Files.createDirectories(folder);
    }
  }

  /** Opens the output, and makes the folder it is in. */
  public static RowWriter open(String output) throws IOException {
    if (output.equals("-")) {
      return new RowWriter(new BufferedOutputStream(System.out), true);
    }
    Path path = Path.of(output).toAbsolutePath();
    makeFolder(path.getParent());
    OutputStream raw = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
    if (output.endsWith(".gz")) {
      raw = new GZIPOutputStream(raw, 1 << 16);
    } else if (output.endsWith(".xz")) {
      raw = new XZOutputStream(raw, new LZMA2Options());
    }
    return new RowWriter(raw, false);
  }

  /** Writes one row, its fields in the map's order. */
  public void write(Map<String, ?> row) throws IOException {
    byte[] line = JSON.writeValueAsBytes(row);
    out.write(line);
    out.write('\n');
    unchecked += line.length + 1;
    if (standard && unchecked >= CHECKED_BYTES) {
      checkStandard();
    }
  }

  private void checkStandard() throws IOException {
    unchecked = 0;
    out.flush();
    if (System.out.checkError()) { // a PrintStream throws nothing
      throw new IOException(
          "standard output cannot be written: its disk is full, or its reader has gone; not all"
              + " rows are there");
    }
  }

  @Override
  public void close() throws IOException {
    if (standard) {
      checkStandard();
    } else {
      out.close();
    }
  }
}

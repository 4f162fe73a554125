package dev.twinstream.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The peer's scores on a labelled file, where a Python that has it is there. */
final class DatasketchPeer {
  private static final String SCRIPT = "datasketch_neardup.py";
  private static final int NOT_INSTALLED = 3;

  private DatasketchPeer() {}

  /**
   * Python is {@code python3}, or what the environment variable TWINSTREAM_PYTHON names.
   *
   * @return lines to print: the scores, or why there are none
   */
  static String compare(String file) throws IOException, InterruptedException {
    if (file.equals("-") || Files.isDirectory(Path.of(file))) {
      return "  no datasketch beside it: its script reads a file, found "
          + (file.equals("-") ? "standard input" : "the folder " + file);
    }
    String named = System.getenv("TWINSTREAM_PYTHON");
    String python = named == null ? "python3" : named;
    Path script = Files.createTempFile("twinstream-", ".py");
    script.toFile().deleteOnExit(); // where the process is ended before its turn
    try {
      try (InputStream source = DatasketchPeer.class.getResourceAsStream(SCRIPT)) {
        Files.write(script, source.readAllBytes());
      }
      Process process =
          new ProcessBuilder(python, script.toString(), file).redirectErrorStream(true).start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .stripTrailing();
      int status = process.waitFor();
      if (status == NOT_INSTALLED) {
        return "  datasketch is not installed for "
            + python
            + ": pip install datasketch, or name"
            + " a Python that has it in TWINSTREAM_PYTHON";
      }
      return status == 0
          ? printed
          : "  datasketch's run ended with status " + status + ": " + lastLine(printed);
    } catch (IOException e) {
      return "  no datasketch beside it: "
          + python
          + " does not start ("
          + e.getMessage()
          + "); TWINSTREAM_PYTHON names another";
    } finally {
      Files.deleteIfExists(script);
    }
  }

  /** Of a traceback, what went wrong. */
  private static String lastLine(String printed) {
    return printed.substring(printed.lastIndexOf('\n') + 1);
  }
}

package dev.twinstream.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** The library of custom ops, as the jar carries it. */
public final class NativeOps {
  private static final class Extracted {
    private static final Path LIBRARY = extract();
  }

  private NativeOps() {}

  /**
   * A file that ONNX Runtime can load; removed when the JVM ends.
   *
   * @throws ModelException if the jar has none for this system
   */
  public static Path library() {
    return Extracted.LIBRARY;
  }

  /** This system's name in the jar, such as {@code linux-x86_64}. */
  public static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    return (os.startsWith("mac") ? "macos" : os)
        + "-"
        + (machine.equals("amd64") ? "x86_64" : machine);
  }

  /**
   * Which path the ops take on this processor, or the one that the environment variable {@code
   * TWINSTREAM_SIMD} forces: {@code AVX-512}, {@code AVX2} or {@code plain}.
   *
   * @throws ModelException if the variable asks for one that is not to be had here
   */
  public static String simdPath() {
    System.load(library().toString());
    int bits = vectorBits();
    return switch (bits) {
      case 512 -> "AVX-512";
      case 256 -> "AVX2";
      case 0 -> "plain";
      default ->
          throw new ModelException(
              "TWINSTREAM_SIMD is "
                  + System.getenv("TWINSTREAM_SIMD")
                  + ", which this processor does not have: unset it");
    };
  }

  private static native int vectorBits();

  private static Path extract() {
    String resource = "/native/" + platform() + "/libtwinstream_ops.so";
    try (InputStream in = NativeOps.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ModelException(
            "this jar has no custom ops for "
                + platform()
                + " ("
                + resource
                + "): build the project on such a system");
      }
      Path file = Files.createTempFile("twinstream-ops-", ".so");
      file.toFile().deleteOnExit();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("the custom ops cannot be written to a temporary file", e);
    }
  }
}

package dev.twinstream.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The libraries of custom ops, as the jar carries them. */
public final class NativeOps {
  private static final Map<Provider, Path> EXTRACTED = new EnumMap<>(Provider.class);

  private NativeOps() {}

  /**
   * A file that ONNX Runtime can load; removed when the JVM ends.
   *
   * @throws ModelException if the jar has none for this system, or they cannot be unpacked
   */
  public static Path library(Provider provider) {
    synchronized (EXTRACTED) {
      return EXTRACTED.computeIfAbsent(provider, NativeOps::extract);
    }
  }

  /** Whether the jar has the ops for this system. */
  static boolean has(Provider provider) {
    return NativeOps.class.getResource(resource(provider)) != null;
  }

  /** This system's name in the jar, such as {@code linux-x86_64}. */
  public static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch");
    return (os.startsWith("mac") ? "macos" : os)
        + "-"
        + (machine.equals("amd64") ? "x86_64" : machine);
  }

  private static String resource(Provider provider) {
    return "/native/" + platform() + "/" + provider.opsFile();
  }

  /**
   * Which path the ops take on this processor, or the one that the environment variable {@code
   * TWINSTREAM_SIMD} forces: {@code AVX-512 with AMX}, {@code AVX-512 with VNNI}, {@code AVX-512},
   * {@code AVX2} or {@code plain}.
   *
   * @throws ModelException if the variable asks for one that is not to be had here
   */
  public static String simdPath() {
    System.load(library(Provider.CPU).toString());
    return switch (pathNumber()) {
      case 4 -> "AVX-512 with AMX";
      case 3 -> "AVX-512 with VNNI";
      case 2 -> "AVX-512";
      case 1 -> "AVX2";
      case 0 -> "plain";
      default ->
          throw new ModelException(
              "TWINSTREAM_SIMD is "
                  + System.getenv("TWINSTREAM_SIMD")
                  + ", wanted plain, avx2, avx512, avx512vnni or avx512amx, as far as this"
                  + " processor has it: unset it, and the best is taken");
    };
  }

  private static native int pathNumber();

  /** What to do where a native library, ours or that of a jar, cannot be unpacked or loaded. */
  public static String temporaryFolder() {
    return "native libraries are unpacked in "
        + System.getProperty("java.io.tmpdir")
        + ", the tokenizer's in .djl.ai of the home folder, which have to take files and let them be"
        + " run: name another folder by -Djava.io.tmpdir=FOLDER in JDK_JAVA_OPTIONS, and by"
        + " DJL_CACHE_DIR=FOLDER";
  }

  private static Path extract(Provider provider) {
    String resource = resource(provider);
    try (InputStream in = NativeOps.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ModelException(
            "this jar has no custom ops for "
                + platform()
                + " ("
                + resource
                + "): build the project on such a system"
                + (provider == Provider.CUDA ? ", with nvcc" : ""));
      }
      Path file = Files.createTempFile("twinstream-ops-", ".so");
      file.toFile().deleteOnExit();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new ModelException(
          "the custom ops cannot be unpacked (" + e.getMessage() + "): " + temporaryFolder(), e);
    }
  }
}

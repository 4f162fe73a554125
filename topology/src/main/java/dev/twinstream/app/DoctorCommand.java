package dev.twinstream.app;

import ai.onnxruntime.OrtEnvironment;
import dev.twinstream.app.io.Reasons;
import dev.twinstream.model.Bundle;
import dev.twinstream.model.EncodedText;
import dev.twinstream.model.Encoder;
import dev.twinstream.model.Gpu;
import dev.twinstream.model.ModelException;
import dev.twinstream.model.NativeOps;
import dev.twinstream.model.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** {@code doctor}: what this machine and this build have. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says which versions and processor features are in use, and whether the encoder works.",
      "Ends with 1 where it does not on this machine's processor."
    })
final class DoctorCommand implements Callable<Integer> {
  /** In 8 bits on the CPU and in floats on the GPU, encodings have more than that. */
  private static final double LEAST_COSINE = 0.999;

  private static final Set<String> FEATURES =
      Set.of("avx2", "fma", "avx512f", "avx512_vnni", "amx_int8", "asimd");

  @Override
  public Integer call() throws IOException {
    say("java", Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")");
    say("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    say("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    say("memory", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB for Java's heap");
    say("cpu features", cpuFeatures());
    say("kafka", kafkaVersion());
    say("onnx runtime", () -> OrtEnvironment.getEnvironment().getVersion());
    boolean works = say("native ops", DoctorCommand::nativeOps);
    say("model", DoctorCommand::model);
    say("centring", DoctorCommand::centring);
    say("gpu", DoctorCommand::gpu);
    return works ? 0 : 1;
  }

  /** Says what a check finds, or why it cannot be made; whether it could. */
  private static boolean say(String what, Supplier<String> check) {
    try {
      say(what, check.get());
      return true;
    } catch (ModelException e) {
      say(what, "cannot be used: " + Reasons.of(e));
    } catch (LinkageError e) {
      say(what, "cannot be used: " + Reasons.of(e) + "; " + NativeOps.temporaryFolder());
    }
    return false;
  }

  private static String kafkaVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        DoctorCommand.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  /** Loads the ops and encodes with them. */
  private static String nativeOps() {
    Bundle bundle = Bundle.builtIn();
    try (Encoder encoder = new Encoder(bundle, Encoder.Options.defaults(bundle))) {
      int tokens = encoder.encode(List.of("a check")).get(0).tokens();
      return NativeOps.platform()
          + ", work ("
          + tokens
          + " tokens encoded), SIMD path "
          + NativeOps.simdPath();
    }
  }

  private static String model() {
    Bundle bundle = Bundle.builtIn();
    return bundle.name() + (bundle.trained() ? "" : " (not trained)");
  }

  private static String centring() {
    return Bundle.builtIn().centring() == null
        ? "none: semantic buckets are larger and find less; see lsh fit"
        : "fitted";
  }

  /** Says what is missing, or encodes on the GPU. */
  private static String gpu() {
    List<String> obstacles = Gpu.obstacles();
    if (!obstacles.isEmpty()) {
      return "cannot be used: " + String.join("; ", obstacles);
    }
    Bundle bundle = Bundle.builtIn();
    Encoder.Options options =
        new Encoder.Options(bundle.maxTokens(), bundle.maxTokens(), 0, 0, Provider.CUDA);
    try (Encoder encoder = new Encoder(bundle, options)) {
      // Of many chunks, so that all kernels of the attention have their part.
      List<String> texts = List.of("what one processor says the other should say ".repeat(100));
      EncodedText found = encoder.encode(texts).get(0);
      double cosine = cosine(found.encoding(), onCpu(bundle, texts));
      return (cosine > LEAST_COSINE ? "works" : "gives other encodings than the CPU")
          + String.format(
              Locale.ROOT, " (%d tokens, cosine to the CPU's %.4f)", found.tokens(), cosine)
          + (cosine > LEAST_COSINE ? "; encoder.provider=cuda uses it" : ": do not use it");
    }
  }

  private static float[] onCpu(Bundle bundle, List<String> texts) {
    Encoder.Options options =
        new Encoder.Options(bundle.maxTokens(), bundle.maxTokens(), 0, 0, Provider.CPU);
    try (Encoder encoder = new Encoder(bundle, options)) {
      return encoder.encode(texts).get(0).encoding();
    }
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i]; // both of length 1
    }
    return product;
  }

  private static String cpuFeatures() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return "unknown: " + info + " is not there";
    }
    Set<String> found = new TreeSet<>();
    for (String word : Files.readString(info).split("\\s+")) {
      if (FEATURES.contains(word)) {
        found.add(word);
      }
    }
    return found.isEmpty() ? "none of " + new TreeSet<>(FEATURES) : String.join(" ", found);
  }

  private static void say(String what, String found) {
    System.out.printf(Locale.ROOT, "%-14s%s%n", what, found);
  }
}

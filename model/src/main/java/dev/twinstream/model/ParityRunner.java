package dev.twinstream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Runs reference cases through ONNX Runtime with our ops, and says how far all sides differ. */
public final class ParityRunner {
  private static final double PYTORCH_BOUND = 1e-4;
  private static final double ONNX_RUNTIME_BOUND = 2e-4;

  /** Differences may be NaN or Infinity, which Python writes as such. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final Path folder;

  /**
   * @param folder what {@code twinstream_reformer.parity} wrote: cases.json, and a folder a case
   */
  public ParityRunner(Path folder) {
    this.folder = folder;
  }

  /**
   * Prints a line a case.
   *
   * @return whether all are within the bounds
   */
  public boolean run(PrintStream out) throws IOException {
    JsonNode cases = JSON.readTree(folder.resolve("cases.json").toFile());
    int over = 0;
    for (JsonNode parityCase : cases) {
      double pytorch = parityCase.path("pytorch").asDouble();
      double onnxRuntime = difference(parityCase);
      // Written so that NaN is over.
      boolean good = pytorch <= PYTORCH_BOUND && onnxRuntime <= ONNX_RUNTIME_BOUND;
      out.printf(
          Locale.ROOT,
          "%s pytorch=%.1e onnxruntime=%.1e%s%n",
          parityCase.path("name").asText(),
          pytorch,
          onnxRuntime,
          good ? "" : " OVER");
      over += good ? 0 : 1;
    }
    out.printf(
        Locale.ROOT,
        "%d of %d cases within %.0e (PyTorch) and %.0e (ONNX Runtime)%n",
        cases.size() - over,
        cases.size(),
        PYTORCH_BOUND,
        ONNX_RUNTIME_BOUND);
    return over == 0;
  }

  private double difference(JsonNode parityCase) throws IOException {
    Path files = folder.resolve(parityCase.path("folder").asText());
    long[] shape = longs(parityCase.path("shape"));
    LongBuffer ids = buffer(files.resolve("input_ids.bin")).asLongBuffer();
    LongBuffer mask = buffer(files.resolve("attention_mask.bin")).asLongBuffer();
    FloatBuffer expected = buffer(files.resolve("expected.bin")).asFloatBuffer();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OpsSession session =
            new OpsSession(Files.readAllBytes(files.resolve("model.onnx")), Provider.CPU, 0, 0);
        OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
        OrtSession.Result result =
            session.run(Map.of("input_ids", idTensor, "attention_mask", maskTensor), "output")) {
      FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
      return largestDifference(mask.rewind(), expected, found);
    } catch (OrtException e) {
      throw new ModelException(parityCase.path("name").asText() + ": " + e.getMessage(), e);
    }
  }

  private static double largestDifference(
      LongBuffer mask, FloatBuffer expected, FloatBuffer found) {
    if (expected.remaining() != found.remaining()) {
      throw new ModelException(
          "the output has " + found.remaining() + " values, wanted " + expected.remaining());
    }
    int width = expected.remaining() / mask.remaining();
    double largest = 0;
    for (int i = 0; i < expected.remaining(); i++) {
      if (mask.get(i / width) == 1) {
        double difference = Math.abs((double) expected.get(i) - found.get(i));
        // Math.max passes NaN on.
        largest = Math.max(largest, difference);
      }
    }
    return largest;
  }

  private static ByteBuffer buffer(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return ByteBuffer.allocateDirect(bytes.length)
        .order(ByteOrder.nativeOrder())
        .put(bytes)
        .rewind();
  }

  private static long[] longs(JsonNode array) {
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asLong();
    }
    return values;
  }
}

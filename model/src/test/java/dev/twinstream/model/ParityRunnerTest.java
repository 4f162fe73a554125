package dev.twinstream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of cases that PyTorch has prepared. */
class ParityRunnerTest {
  /** A model whose output are its input_ids, as floats; it has an attention_mask, too. */
  private static final String CAST =
      "CAo6iAEKJAoJaW5wdXRfaWRzEgZvdXRwdXQiBENhc3QqCQoCdG8YAaABAhIBZ1odCglpbnB1dF9pZHMSEAoOCAcSCgoD"
          + "EgFiCgMSAWxaIgoOYXR0ZW50aW9uX21hc2sSEAoOCAcSCgoDEgFiCgMSAWxiGgoGb3V0cHV0EhAKDggBEgoKAxIB"
          + "YgoDEgFsQgQKABAU";

  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Path files = Files.createDirectory(folder.resolve("0"));
    Files.write(files.resolve("model.onnx"), Base64.getDecoder().decode(CAST));
    ByteBuffer ids = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(3).putLong(4);
    ByteBuffer mask = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(1).putLong(1);
    ByteBuffer expected = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    Files.write(files.resolve("input_ids.bin"), ids.array());
    Files.write(files.resolve("attention_mask.bin"), mask.array());
    Files.write(files.resolve("expected.bin"), expected.putFloat(3).putFloat(4).array());
  }

  /** Runs one case as often as PyTorch's differences are given, as Python writes them. */
  private String run(boolean good, String... differences) throws IOException {
    StringBuilder cases = new StringBuilder();
    for (String difference : differences) {
      cases.append(cases.isEmpty() ? "[" : ", ");
      cases.append("{\"name\": \"one\", \"folder\": \"0\", \"shape\": [1, 2], \"pytorch\": ");
      cases.append(difference).append("}");
    }
    Files.writeString(folder.resolve("cases.json"), cases.append("]"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertThat(new ParityRunner(folder).run(out)).isEqualTo(good);
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldSayThatACaseIsWithinTheBounds() throws IOException {
    assertThat(run(true, "3.0e-06"))
        .contains("one pytorch=3.0e-06 onnxruntime=0.0e+00\n")
        .contains("1 of 1 cases within");
  }

  @Test
  void shouldTakeWhatIsNoNumberForOver() throws IOException {
    assertThat(run(false, "NaN", "Infinity", "0.0"))
        .contains("one pytorch=NaN onnxruntime=0.0e+00 OVER\n")
        .contains("one pytorch=Infinity onnxruntime=0.0e+00 OVER\n")
        .contains("1 of 3 cases within");
  }
}

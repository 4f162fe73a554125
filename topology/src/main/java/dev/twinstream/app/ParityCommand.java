package dev.twinstream.app;

import dev.twinstream.model.ParityRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code parity}: the second half, after PyTorch has prepared the cases. */
@Command(
    name = "parity",
    mixinStandardHelpOptions = true,
    customSynopsis = "./twinstream parity FOLDER...",
    description = {
      "Runs every case of reference outputs under the folders through PyTorch and through ONNX",
      "Runtime with our ops. A case is a folder with config.json, weights.npz and case.npz.",
      "Prints the largest absolute differences at unmasked positions; exits with 1 if one is over",
      "its bound."
    })
final class ParityCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PREPARED",
      description = "folder that python -m twinstream_reformer.parity has written")
  Path prepared;

  @Override
  public Integer call() throws IOException {
    return new ParityRunner(prepared).run(System.out) ? 0 : 1;
  }
}

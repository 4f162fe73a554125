package dev.twinstream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ONNX Runtime session with our ops. */
final class OpsSession implements AutoCloseable {
  /** Kept open as long as the session: closing them would unload the ops from under it. */
  private final OrtSession.SessionOptions options;

  private final OrtSession session;

  /**
   * @param threads of the session's pool; 0 = one a processor core
   * @param rounds of hashing; 0 = the graph's own number
   * @throws ModelException if ONNX Runtime refuses the provider or the graph, or has not as many
   *     rounds for it
   */
  OpsSession(byte[] graph, Provider provider, int threads, int rounds) {
    options = new OrtSession.SessionOptions();
    try {
      // Entries before the ops are registered: they are read then.
      if (rounds != 0) {
        options.addConfigEntry("twinstream.rounds", Integer.toString(rounds));
      }
      if (provider == Provider.CUDA) {
        useGpu();
      }
      options.registerCustomOpLibrary(NativeOps.library(provider).toString());
      options.setIntraOpNumThreads(threads);
      // Plans are made for one shape, and hardly any two batches have the same.
      options.setMemoryPatternOptimization(false);
      session = OrtEnvironment.getEnvironment().createSession(graph, options);
    } catch (OrtException e) {
      options.close();
      throw new ModelException("ONNX Runtime refuses the model: " + e.getMessage(), e);
    } catch (ModelException e) {
      options.close();
      throw e;
    }
  }

  private void useGpu() {
    List<String> obstacles = Gpu.obstacles();
    if (!obstacles.isEmpty()) {
      throw new ModelException("the GPU cannot be used: " + String.join("; ", obstacles));
    }
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      // Products of float32 in float32: rounded to TF32, encodings would differ from the CPU's.
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
      // Our dense maps are for the CPU alone; the standard ops in their place run on the GPU.
      options.addConfigEntry("twinstream.standard_dense", "1");
    } catch (OrtException e) {
      throw new ModelException("the GPU cannot be used: " + e.getMessage(), e);
    }
  }

  OrtSession.Result run(Map<String, OnnxTensor> inputs, String output) throws OrtException {
    return session.run(inputs, Set.of(output));
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("the session cannot be closed: " + e.getMessage(), e);
    } finally {
      options.close();
    }
  }
}

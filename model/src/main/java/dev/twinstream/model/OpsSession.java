package dev.twinstream.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
   * @throws ModelException if ONNX Runtime refuses the graph, or has not as many rounds for it
   */
  OpsSession(byte[] graph, int threads, int rounds) {
    options = new OrtSession.SessionOptions();
    try {
      if (rounds != 0) {
        // Before the ops are registered: they read it then.
        options.addConfigEntry("twinstream.rounds", Integer.toString(rounds));
      }
      options.registerCustomOpLibrary(NativeOps.library().toString());
      options.setIntraOpNumThreads(threads);
      // Plans are made for one shape, and hardly any two batches have the same.
      options.setMemoryPatternOptimization(false);
      session = OrtEnvironment.getEnvironment().createSession(graph, options);
    } catch (OrtException e) {
      options.close();
      throw new ModelException("ONNX Runtime refuses the model: " + e.getMessage(), e);
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

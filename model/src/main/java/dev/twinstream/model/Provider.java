package dev.twinstream.model;

/** Where ONNX Runtime runs the model. */
public enum Provider {
  /** On this machine's processors. */
  CPU("libtwinstream_ops.so"),
  /**
   * On an NVIDIA GPU: attention and pooling; what ONNX Runtime has no GPU kernel for, on the
   * processors.
   */
  CUDA("libtwinstream_ops_cuda.so");

  private final String opsFile;

  Provider(String opsFile) {
    this.opsFile = opsFile;
  }

  /** The library of our ops in the jar. A session loads one: both hold the same domain. */
  String opsFile() {
    return opsFile;
  }
}

package dev.twinstream.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What encoding on a GPU needs of this machine and of this build. */
public final class Gpu {
  /** What ONNX Runtime's CUDA provider loads, by the loader's names, and what has it. */
  private static final Map<String, String> LIBRARIES = new LinkedHashMap<>();

  static {
    LIBRARIES.put("libcuda.so.1", "NVIDIA's driver");
    LIBRARIES.put("libcudart.so.12", "CUDA 12");
    LIBRARIES.put("libcublas.so.12", "CUDA 12");
    LIBRARIES.put("libcublasLt.so.12", "CUDA 12");
    LIBRARIES.put("libcurand.so.10", "CUDA 12");
    LIBRARIES.put("libcufft.so.11", "CUDA 12");
    LIBRARIES.put("libcudnn.so.9", "cuDNN 9");
  }

  private Gpu() {}

  /** Why {@link Provider#CUDA} cannot be used here, each a phrase; empty where nothing is known. */
  public static List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      obstacles.add(
          "this build's ONNX Runtime is for the CPU alone (to build for the GPU: Maven's profile"
              + " gpu, or TWINSTREAM_GPU=1 before ./twinstream)");
    }
    if (!NativeOps.has(Provider.CUDA)) {
      obstacles.add("this build has no ops for the GPU (they are compiled where nvcc is found)");
    }
    List<String> missing = missing(LIBRARIES);
    if (!missing.isEmpty()) {
      obstacles.add("missing " + String.join(", ", missing));
    }
    return obstacles;
  }

  /** Those that the system's loader cannot load, each with what has it. */
  static List<String> missing(Map<String, String> libraries) {
    List<String> missing = new ArrayList<>();
    libraries.forEach(
        (name, owner) -> {
          try {
            NativeLibrary.getInstance(name);
          } catch (UnsatisfiedLinkError e) {
            missing.add(name + " (" + owner + ")");
          }
        });
    return missing;
  }
}

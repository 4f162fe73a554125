// The entry point that ONNX Runtime calls when the library is registered with a session.
#include "cpu/simd.h"
#include "ops/cpu_ops.h"
#include "ops/register_ops.h"

extern "C" __attribute__((visibility("default"))) OrtStatus* ORT_API_CALL
RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* api_base) {
  return twinstream::RegisterOps(options, api_base, twinstream::CpuOps);
}

// For Java, dev.twinstream.model.NativeOps.pathNumber: the path that the ops take here (SimdKernels);
// -1 = TWINSTREAM_SIMD asks for what this CPU does not have. Plain numbers, so that the build needs no
// Java headers.
extern "C" __attribute__((visibility("default"))) int32_t
Java_dev_twinstream_model_NativeOps_pathNumber(void*, void*) noexcept {
  try {
    return twinstream::ChosenKernels().number;
  } catch (const twinstream::InvalidInput&) {
    return -1;
  }
}

// The entry point that ONNX Runtime calls when the library is registered with a session.
#include "cpu/simd.h"
#include "ops/local_attention_op.h"
#include "ops/lsh_attention_op.h"
#include "ops/register_ops.h"
#include "ops/segment_pool_op.h"

namespace {

std::vector<const OrtCustomOp*> MakeOps() {
  // Fails here, loudly, where TWINSTREAM_SIMD asks for what this CPU does not have.
  twinstream::ChosenKernels();
  static const twinstream::CustomOp<twinstream::LshAttentionOp> lsh;
  static const twinstream::CustomOp<twinstream::LocalAttentionOp> local;
  static const twinstream::CustomOp<twinstream::SegmentPoolOp> pool;
  return {&lsh, &local, &pool};
}

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* ORT_API_CALL
RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* api_base) {
  return twinstream::RegisterOps(options, api_base, MakeOps);
}

// The entry point that ONNX Runtime calls when the library is registered with a session: in place
// of the CPU's library, since a session takes a domain once.
#include "cuda/ops/local_attention_op.h"
#include "cuda/ops/lsh_attention_op.h"
#include "cuda/ops/segment_pool_op.h"
#include "ops/register_ops.h"

namespace {

using namespace twinstream::cuda;

template <typename T>
void AddOps(std::vector<const OrtCustomOp*>& ops) {
  static const CudaOp<CudaLshAttentionOp<T>> lsh;
  static const CudaOp<CudaLocalAttentionOp<T>> local;
  static const CudaOp<CudaSegmentPoolOp<T>> pool;
  ops.insert(ops.end(), {&lsh, &local, &pool});
}

std::vector<const OrtCustomOp*> MakeOps() {
  std::vector<const OrtCustomOp*> ops;
  AddOps<float>(ops);
  AddOps<__half>(ops);
  AddOps<__nv_bfloat16>(ops);
  return ops;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* ORT_API_CALL
RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* api_base) {
  return twinstream::RegisterOps(options, api_base, MakeOps);
}

// The entry point that ONNX Runtime calls when the library is registered with a session: in place
// of the CPU's library, since a session takes a domain once. So it has the CPU's ops too, for what
// ONNX Runtime does not give to the GPU, such as FeedForward.
#include "cuda/ops/local_attention_op.h"
#include "cuda/ops/lsh_attention_op.h"
#include "cuda/ops/segment_pool_op.h"
#include "ops/register_ops.h"

namespace {

using namespace twinstream::cuda;

template <typename T>
void AddOps(const twinstream::SessionSettings& settings, std::vector<const OrtCustomOp*>& ops) {
  static const CudaOp<CudaLocalAttentionOp<T>> local;
  static const CudaOp<CudaSegmentPoolOp<T>> pool;
  ops.insert(ops.end(), {twinstream::ForRounds<CudaOp, CudaLshAttentionOp<T>>(settings.rounds),
                         &local, &pool});
}

std::vector<const OrtCustomOp*> MakeOps(const twinstream::SessionSettings& settings) {
  std::vector<const OrtCustomOp*> ops = twinstream::CpuOps(settings);
  AddOps<float>(settings, ops);
  AddOps<__half>(settings, ops);
  AddOps<__nv_bfloat16>(settings, ops);
  return ops;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* ORT_API_CALL
RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* api_base) {
  return twinstream::RegisterOps(options, api_base, MakeOps);
}

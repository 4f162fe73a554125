#include "cuda/attention-inl.cuh"

namespace twinstream::cuda {

template void LshAttention(const LshAttributes&, const LshTensors<__nv_bfloat16>&, Device&);
template void LocalAttention(const AttentionAttributes&, const LocalTensors<__nv_bfloat16>&,
                             Device&);

}  // namespace twinstream::cuda

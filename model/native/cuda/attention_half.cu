#include "cuda/attention-inl.cuh"

namespace twinstream::cuda {

template void LshAttention(const LshAttributes&, const LshTensors<__half>&, Device&);
template void LocalAttention(const AttentionAttributes&, const LocalTensors<__half>&, Device&);

}  // namespace twinstream::cuda

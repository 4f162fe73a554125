#include "cuda/attention-inl.cuh"

namespace twinstream::cuda {

template void LshAttention(const LshAttributes&, const LshTensors<float>&, Device&);
template void LocalAttention(const AttentionAttributes&, const LocalTensors<float>&, Device&);

}  // namespace twinstream::cuda

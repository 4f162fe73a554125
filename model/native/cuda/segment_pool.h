// SegmentPool on the GPU: the counterpart of cpu/segment_pool.h, with the same meaning, except that
// weights are not checked: that would be to wait for the GPU.
//
// Sums are in float64, in an order that a row's own positions fix: the same to the bit in any
// batch. The order is not the CPU's, so the last bit may differ from it.
#ifndef TWINSTREAM_CUDA_SEGMENT_POOL_H_
#define TWINSTREAM_CUDA_SEGMENT_POOL_H_

#include "cuda/device.h"

namespace twinstream::cuda {

template <typename T>
struct PoolTensors {
  int64_t batch;
  int64_t length;
  int64_t width;        // E
  int64_t output_size;  // P, or E without projection
  const T* states;             // [B, L, E]
  const float* weights;        // [B, L]
  const int64_t* segment_ids;  // [B, L], in the host's memory
  const float* projection;     // [E, P], or null
  bool normalise;
};

// document [B, P or E]; segments [B, S, P or E], or null. Only puts work on the device's stream.
template <typename T>
void PoolSegments(const PoolTensors<T>& tensors, int64_t segment_count, float* document,
                  float* segments, Device& device);

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_SEGMENT_POOL_H_

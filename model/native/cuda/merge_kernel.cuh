// The rounds of a query become one: each weighs by the exponential of its logsumexp (Reformer,
// section 2, "Multi-round LSH attention").
#ifndef TWINSTREAM_CUDA_MERGE_KERNEL_CUH_
#define TWINSTREAM_CUDA_MERGE_KERNEL_CUH_

#include "cuda/kernel.cuh"
#include "cuda/row_shape.h"

namespace twinstream::cuda {

constexpr int kMergeThreads = 256;

template <typename T>
struct MergeParameters {
  RowRules rules;
  const RowMask* rows;
  const int64_t* mask;     // [B, L]
  const T* partial;        // [B, H, rounds, L, D]
  const float* logsumexp;  // [B, H, rounds, L]
  int32_t heads;
  int64_t vectors;  // B * L * H * D in vectors
  T* context;       // [B, L, H*D]: zero at masked positions
};

// A thread makes 16 bytes of the context.
template <typename T, int kHeadSize>
static __global__ void __launch_bounds__(kMergeThreads) MergeRounds(MergeParameters<T> p) {
  constexpr int kSize = Vector<T>::kSize;
  constexpr int kVectors = kHeadSize / kSize;
  const int64_t index = int64_t{blockIdx.x} * kMergeThreads + threadIdx.x;
  if (index >= p.vectors) return;
  const int64_t head_and_token = index / kVectors;
  const auto head = static_cast<int32_t>(head_and_token % p.heads);
  const int64_t token = head_and_token / p.heads;
  const int64_t row = token / p.rules.length;
  const int64_t position = token % p.rules.length;
  Vector<T> merged{};
  if (p.mask[token] != 0) {
    const RowShape shape(p.rules, p.rows[row]);
    const int64_t first = (row * p.heads + head) * p.rules.rounds * p.rules.length + position;
    float max = -INFINITY;
    for (int32_t round = 0; round < shape.rounds; ++round) {
      max = fmaxf(max, p.logsumexp[first + int64_t{round} * p.rules.length]);
    }
    float sum = 0;
    float sums[kSize] = {};
    for (int32_t round = 0; round < shape.rounds; ++round) {
      const int64_t at = first + int64_t{round} * p.rules.length;
      const float weight = expf(p.logsumexp[at] - max);
      const auto part = *reinterpret_cast<const Vector<T>*>(
          p.partial + at * kHeadSize + index % kVectors * kSize);
      sum += weight;
#pragma unroll
      for (int i = 0; i < kSize; ++i) {
        sums[i] = fmaf(weight, Scalar<T>::Widen(part.values[i]), sums[i]);
      }
    }
    // By way of the logsumexp, as where a round is normalised: see attend_block.cuh.
    const float share = expf(max - (max + logf(sum)));
#pragma unroll
    for (int i = 0; i < kSize; ++i) merged.values[i] = Scalar<T>::Round(sums[i] * share);
  }
  *reinterpret_cast<Vector<T>*>(p.context + index * kSize) = merged;
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_MERGE_KERNEL_CUH_

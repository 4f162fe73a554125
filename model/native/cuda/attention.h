// Both attention ops on the GPU: the counterparts of cpu/lsh_attention.h and cpu/local_attention.h,
// with the same meaning, except that what a mask or forced buckets hold is not checked: that would
// be to wait for the GPU. Any mask value but 0 is a real position; forced buckets are brought into
// their range.
//
// T is float, __half or __nv_bfloat16. All pointers are to the GPU's memory; states and rotations
// are aligned to 16 bytes.
#ifndef TWINSTREAM_CUDA_ATTENTION_H_
#define TWINSTREAM_CUDA_ATTENTION_H_

#include "cuda/device.h"
#include "ops/attributes.h"
#include "ops/check_shapes.h"

namespace twinstream::cuda {

template <typename T>
struct LshTensors {
  AttentionSizes sizes;
  const T* query_key;      // [B, L, H*D]
  const T* value;          // [B, L, H*D]
  const int64_t* mask;     // [B, L]
  const float* rotations;  // [R, H, F, C, D]
  Shape rotation_shape;
  const int32_t* forced_buckets;  // [B, H, num_hashes, L], or null
  T* context;                     // [B, L, H*D]
  int32_t* buckets;               // [B, H, num_hashes, L], or null
};

template <typename T>
struct LocalTensors {
  AttentionSizes sizes;
  const T* query;       // [B, L, H*D]
  const T* key;         // [B, L, H*D]
  const T* value;       // [B, L, H*D]
  const int64_t* mask;  // [B, L]
  T* context;           // [B, L, H*D]
};

// Both only put work on the device's stream. They throw InvalidInput, and std::runtime_error where
// CUDA reports an error. Memory taken: of LSH, a token, head and round, at most 32 bytes beside a
// context of its own where there are several rounds; of local attention, 8 bytes a row.
template <typename T>
void LshAttention(const LshAttributes& attributes, const LshTensors<T>& tensors, Device& device);
template <typename T>
void LocalAttention(const AttentionAttributes& attributes, const LocalTensors<T>& tensors,
                    Device& device);

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ATTENTION_H_

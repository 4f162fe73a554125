// LSH self-attention: positions are sorted by hash bucket, and chunks of the sorted order attend to
// themselves and their neighbours; rounds are merged by their logsumexp.
#ifndef TWINSTREAM_CPU_LSH_ATTENTION_H_
#define TWINSTREAM_CPU_LSH_ATTENTION_H_

#include <cstdint>

#include "cpu/simd.h"
#include "cpu/task_runner.h"
#include "ops/attributes.h"
#include "ops/check_shapes.h"

namespace twinstream {

struct LshTensors {
  AttentionSizes sizes;
  const float* query_key;  // [B, L, H*D]
  const float* value;      // [B, L, H*D]
  const int64_t* mask;     // [B, L]
  const float* rotations;  // [R, H, F, C, D]
  Shape rotation_shape;
  const int32_t* forced_buckets;  // [B, H, num_hashes, L], or null
  float* context;                 // [B, L, H*D]
  int32_t* buckets;               // [B, H, num_hashes, L], or null
};

void LshAttention(const LshAttributes& attributes, const LshTensors& tensors,
                  const SimdKernels& kernels, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_LSH_ATTENTION_H_

// Local attention: every chunk attends to itself and its neighbours in the ring.
#ifndef TWINSTREAM_CPU_LOCAL_ATTENTION_H_
#define TWINSTREAM_CPU_LOCAL_ATTENTION_H_

#include <cstdint>

#include "cpu/simd.h"
#include "cpu/task_runner.h"
#include "ops/attributes.h"
#include "ops/check_shapes.h"

namespace twinstream {

struct LocalTensors {
  AttentionSizes sizes;
  const float* query;   // [B, L, H*D]
  const float* key;     // [B, L, H*D]
  const float* value;   // [B, L, H*D]
  const int64_t* mask;  // [B, L]
  float* context;       // [B, L, H*D]
};

void LocalAttention(const AttentionAttributes& attributes, const LocalTensors& tensors,
                    const SimdKernels& kernels, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_LOCAL_ATTENTION_H_

// What SegmentPool's inputs must be, on every provider.
#ifndef TWINSTREAM_OPS_POOL_INPUTS_H_
#define TWINSTREAM_OPS_POOL_INPUTS_H_

#include "ops/shape_context.h"

namespace twinstream {

struct PoolSizes {
  int64_t batch;
  int64_t length;
  int64_t width;        // E
  int64_t output_size;  // P, or E without projection
};

// The attribute `normalize`. Throws InvalidInput where it is neither 0 nor 1.
bool ReadNormalise(const OrtKernelInfo* info);

// Throws InvalidInput where shapes do not fit together.
PoolSizes CheckPoolShapes(const TensorView& states, const TensorView& weights,
                          const TensorView& segment_ids, const TensorView& projection);

// The document's; how many segments there are is known only when the op runs.
void InferPoolShapes(ShapeContext& shapes);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_POOL_INPUTS_H_

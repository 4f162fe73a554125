// A feed-forward block of the Reformer (section 3, "chunking": positions are independent, so a few
// at a time will do): residual + Relu(LayerNorm(states) W1 + b1) W2 + b2.
#ifndef TWINSTREAM_CPU_FEED_FORWARD_H_
#define TWINSTREAM_CPU_FEED_FORWARD_H_

#include <cstddef>

#include "cpu/aligned_buffer.h"
#include "cpu/simd.h"
#include "cpu/task_runner.h"

namespace twinstream {

// [depth, columns], laid out for the kernels. `columns` is a multiple of kPanelColumns.
AlignedBuffer PackMatrix(const float* matrix, size_t depth, size_t columns);

struct FeedForwardWeights {
  size_t width;
  size_t inner_width;
  float epsilon;
  AlignedBuffer norm_scale;  // [width]
  AlignedBuffer norm_bias;
  AlignedBuffer first;       // packed [width, inner_width]
  AlignedBuffer first_bias;
  AlignedBuffer second;      // packed [inner_width, width]
  AlignedBuffer second_bias;
};

// states, residual and out [rows, width]; out may be neither of the others.
void RunFeedForward(const FeedForwardWeights& weights, const float* states, const float* residual,
                    float* out, size_t rows, const SimdKernels& kernels, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_FEED_FORWARD_H_

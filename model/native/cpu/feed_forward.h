// A feed-forward block of the Reformer (section 3, "chunking": positions are independent, so a few
// at a time will do): residual + Relu(LayerNorm(states) W1 + b1) W2 + b2.
#ifndef TWINSTREAM_CPU_FEED_FORWARD_H_
#define TWINSTREAM_CPU_FEED_FORWARD_H_

#include "cpu/dense.h"

namespace twinstream {

struct FeedForwardWeights {
  size_t width;
  size_t inner_width;
  float epsilon;
  bool eight_bit;  // as both matrices are
  AlignedBuffer norm_scale;  // [width]
  AlignedBuffer norm_bias;
  PackedMatrix first;  // [width, inner_width]
  AlignedBuffer first_bias;
  PackedMatrix second;  // [inner_width, width]
  AlignedBuffer second_bias;
};

// states, residual and out [rows, width]; out may be neither of the others.
void RunFeedForward(const FeedForwardWeights& weights, const float* states, const float* residual,
                    float* out, size_t rows, const SimdKernels& kernels, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_FEED_FORWARD_H_

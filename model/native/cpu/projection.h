// The dense maps around attention: what goes into it, LayerNorm(states) W for up to three W, and what
// comes out of it, residual + context W.
#ifndef TWINSTREAM_CPU_PROJECTION_H_
#define TWINSTREAM_CPU_PROJECTION_H_

#include <vector>

#include "cpu/dense.h"

namespace twinstream {

struct ProjectionWeights {
  size_t depth;
  float epsilon;
  bool eight_bit;            // as all matrices are
  AlignedBuffer norm_scale;  // [depth]; empty: rows go in as they are
  AlignedBuffer norm_bias;
  std::vector<PackedMatrix> matrices;  // 1 to 3, each [depth, columns]
};

// states [rows, depth]; residual null or [rows, columns]; outs, one a matrix, [rows, columns].
void RunProjection(const ProjectionWeights& weights, const float* states, const float* residual,
                   const std::vector<float*>& outs, size_t rows, const SimdKernels& kernels,
                   TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_PROJECTION_H_

// The dense maps around attention, of one tile of rows: the LayerNorm and the projections that it
// feeds, or one projection and the residual sum.
#if defined(TWINSTREAM_CPU_PROJECTION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_PROJECTION_INL_H_
#undef TWINSTREAM_CPU_PROJECTION_INL_H_
#else
#define TWINSTREAM_CPU_PROJECTION_INL_H_
#endif

#include <hwy/highway.h>

#include "cpu/dense-inl.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

struct ToProjection {
  const float* residual;  // or null
  float* out;
  size_t stride;
  HWY_INLINE void Store(DenseVec sum, size_t row, size_t column) const {
    const DenseTag d;
    const size_t at = row * stride + column;
    hn::StoreU(residual == nullptr ? sum : hn::Add(hn::LoadU(d, residual + at), sum), d, out + at);
  }
};

template <bool kVnni>
void Project(const ProjectionArgs& a) {
  const size_t depth = a.matrices[0].depth;
  const float* rows = a.states;
  size_t stride = depth;
  if (a.norm_scale != nullptr) {
    for (size_t row = 0; row < a.rows; ++row) {
      NormRow(a.norm_scale, a.norm_bias, a.epsilon, depth, a.states + row * depth,
              a.scratch.rows + row * a.scratch.stride);
    }
    rows = a.scratch.rows;
    stride = a.scratch.stride;
  }
  const DenseRows prepared = Prepared(rows, stride, a.rows, a.matrices[0], a.scratch);
  for (size_t i = 0; i < a.count; ++i) {
    Dense<kVnni>(prepared, a.rows, a.matrices[i],
                 ToProjection{a.residual, a.outs[i], a.matrices[i].columns});
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

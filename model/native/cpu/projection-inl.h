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
  Result result;
  HWY_INLINE void Prefetch(size_t row, size_t column) const {
    const size_t at = row * result.stride + column;
    if (residual != nullptr) twinstream::Prefetch(residual + at, kPanelColumns);
    result.Prefetch(at);
  }
  HWY_INLINE void Store(DenseVec sum, size_t row, size_t column) const {
    const size_t at = row * result.stride + column;
    result.Store(
        residual == nullptr ? sum : hn::Add(hn::LoadU(DenseTag(), residual + at), sum), at);
  }
};

template <Quads kQuads>
void Project(const ProjectionArgs& a) {
  const DenseMatrix& first = a.matrices[0];
  const DenseRows rows =
      a.norm_scale == nullptr
          ? Prepared(a.states, first.depth, a.rows, first, a.scratch)
          : Normed(a.norm_scale, a.norm_bias, a.epsilon, a.states, a.rows, first, a.scratch);
  for (size_t i = 0; i < a.count; ++i) {
    Dense<kQuads>(rows, a.rows, a.matrices[i],
                 ToProjection{a.residual, {a.outs[i], a.matrices[i].columns, a.past_caches}});
  }
  if (a.past_caches) hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

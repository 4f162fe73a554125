// LayerNorm, two dense maps with a Relu between them, and the residual sum, of one tile of rows: the
// tile and what lies between the maps stay in cache, where the whole length at once would not.
#if defined(TWINSTREAM_CPU_FEED_FORWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#undef TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#else
#define TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#endif

#include <hwy/highway.h>

#include "cpu/dense-inl.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// What becomes of a sum on its way to memory.
struct ToInner {
  const float* bias;
  float* out;
  size_t stride;
  HWY_INLINE void Prefetch(size_t, size_t) const {}
  HWY_INLINE void Store(DenseVec sum, size_t row, size_t column) const {
    const DenseTag d;
    const DenseVec value = hn::Add(sum, hn::LoadU(d, bias + column));
    // Not a maximum: what is not a number stays that.
    const auto negative = hn::Lt(value, hn::Zero(d));
    hn::StoreU(hn::IfThenElse(negative, hn::Zero(d), value), d, out + row * stride + column);
  }
};

struct ToOutput {
  const float* bias;
  const float* residual;
  Result result;
  HWY_INLINE void Prefetch(size_t row, size_t column) const {
    const size_t at = row * result.stride + column;
    twinstream::Prefetch(residual + at, kPanelColumns);
    result.Prefetch(at);
  }
  HWY_INLINE void Store(DenseVec sum, size_t row, size_t column) const {
    const DenseTag d;
    const size_t at = row * result.stride + column;
    const DenseVec value = hn::Add(sum, hn::LoadU(d, bias + column));
    result.Store(hn::Add(hn::LoadU(d, residual + at), value), at);
  }
};

template <Quads kQuads>
void FeedForward(const FeedForwardArgs& a) {
  const size_t width = a.first.depth;
  Dense<kQuads>(Normed(a.norm_scale, a.norm_bias, a.epsilon, a.states, a.rows, a.first, a.normed),
                a.rows, a.first, ToInner{a.first_bias, a.inner.rows, a.inner.stride});
  Dense<kQuads>(Prepared(a.inner.rows, a.inner.stride, a.rows, a.second, a.inner), a.rows, a.second,
               ToOutput{a.second_bias, a.residual, {a.out, width, a.past_caches}});
  if (a.past_caches) hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

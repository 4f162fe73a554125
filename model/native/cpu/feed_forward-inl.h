// LayerNorm, two dense maps with a Relu between them, and the residual sum, of one tile of rows: the
// tile and what lies between the maps stay in cache, where the whole length at once would not.
//
// A product's sum runs over its row in order, so it does not depend on the tile.
#if defined(TWINSTREAM_CPU_FEED_FORWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#undef TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#else
#define TWINSTREAM_CPU_FEED_FORWARD_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>

#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DenseTag = hn::CappedTag<float, 16>;
using DenseVec = hn::Vec<DenseTag>;

// Registers: kDenseRows * kDenseVecs sums, kDenseVecs weights and a broadcast must fit.
#if HWY_TARGET == HWY_AVX3
constexpr size_t kDenseRows = 12;  // 32 registers
#else
constexpr size_t kDenseRows = 6;  // 16 registers
#endif
constexpr size_t kDenseVecs = 2;

// What becomes of a sum on its way to memory.
struct ToInner {
  const float* bias;
  float* out;
  size_t stride;
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
  float* out;
  size_t stride;
  HWY_INLINE void Store(DenseVec sum, size_t row, size_t column) const {
    const DenseTag d;
    const DenseVec value = hn::Add(sum, hn::LoadU(d, bias + column));
    const DenseVec before = hn::LoadU(d, residual + row * stride + column);
    hn::StoreU(hn::Add(before, value), d, out + row * stride + column);
  }
};

template <size_t kRows, class Sink>
HWY_INLINE void Block(const float* rows, size_t stride, size_t depth, const float* panel, size_t row,
                      size_t column, const Sink& sink) {
  const DenseTag d;
  const size_t lanes = hn::Lanes(d);
  for (size_t offset = 0; offset < kPanelColumns; offset += kDenseVecs * lanes) {
    DenseVec sums[kRows][kDenseVecs];
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t v = 0; v < kDenseVecs; ++v) sums[r][v] = hn::Zero(d);
    }
    const float* weights = panel + offset;
    const float* from = rows + row * stride;
    for (size_t k = 0; k < depth; ++k, weights += kPanelColumns) {
      DenseVec w[kDenseVecs];
      for (size_t v = 0; v < kDenseVecs; ++v) w[v] = hn::Load(d, weights + v * lanes);
      for (size_t r = 0; r < kRows; ++r) {
        const DenseVec x = hn::Set(d, from[r * stride + k]);
        for (size_t v = 0; v < kDenseVecs; ++v) sums[r][v] = hn::MulAdd(x, w[v], sums[r][v]);
      }
    }
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t v = 0; v < kDenseVecs; ++v) {
        sink.Store(sums[r][v], row + r, column + offset + v * lanes);
      }
    }
  }
}

// rows [count, depth] times the packed matrix [depth, columns].
template <class Sink>
HWY_INLINE void Dense(const float* rows, size_t stride, size_t count, size_t depth,
                      const float* panels, size_t columns, const Sink& sink) {
  for (size_t column = 0; column < columns; column += kPanelColumns) {
    const float* panel = panels + column * depth;
    size_t row = 0;
    for (; row + kDenseRows <= count; row += kDenseRows) {
      Block<kDenseRows>(rows, stride, depth, panel, row, column, sink);
    }
    for (; row + 3 <= count; row += 3) Block<3>(rows, stride, depth, panel, row, column, sink);
    for (; row < count; ++row) Block<1>(rows, stride, depth, panel, row, column, sink);
  }
}

HWY_INLINE void NormRow(const FeedForwardArgs& a, const float* from, float* to) {
  const DenseTag d;
  const size_t lanes = hn::Lanes(d);
  const float size = static_cast<float>(a.width);
  DenseVec sum = hn::Zero(d);
  for (size_t i = 0; i < a.width; i += lanes) sum = hn::Add(sum, hn::LoadU(d, from + i));
  const DenseVec mean = hn::Set(d, hn::GetLane(hn::SumOfLanes(d, sum)) / size);
  DenseVec squares = hn::Zero(d);
  for (size_t i = 0; i < a.width; i += lanes) {
    const DenseVec centred = hn::Sub(hn::LoadU(d, from + i), mean);
    squares = hn::MulAdd(centred, centred, squares);
  }
  const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) / size;
  const DenseVec scale = hn::Set(d, 1.0f / std::sqrt(variance + a.epsilon));
  for (size_t i = 0; i < a.width; i += lanes) {
    const DenseVec centred = hn::Mul(hn::Sub(hn::LoadU(d, from + i), mean), scale);
    const DenseVec shift = hn::LoadU(d, a.norm_bias + i);
    hn::Store(hn::MulAdd(centred, hn::LoadU(d, a.norm_scale + i), shift), d, to + i);
  }
}

void FeedForward(const FeedForwardArgs& a) {
  for (size_t row = 0; row < a.rows; ++row) {
    NormRow(a, a.states + row * a.width, a.normed + row * a.normed_stride);
  }
  Dense(a.normed, a.normed_stride, a.rows, a.width, a.first, a.inner_width,
        ToInner{a.first_bias, a.inner, a.inner_stride});
  Dense(a.inner, a.inner_stride, a.rows, a.inner_width, a.second, a.width,
        ToOutput{a.second_bias, a.residual, a.out, a.width});
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

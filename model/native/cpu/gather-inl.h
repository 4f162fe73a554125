// Keys and values of one chunk, copied side by side into a tile that stays in cache; and the
// attended rows, scattered back and merged over the rounds.
//
// LSH keys are x / sqrt(mean(x^2) + 1e-6) / sqrt(head size), local keys x / sqrt(head size)
// (Reformer, section 2, "Shared-QK attention", in the reference's form).
#if defined(TWINSTREAM_CPU_GATHER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_GATHER_INL_H_
#undef TWINSTREAM_CPU_GATHER_INL_H_
#else
#define TWINSTREAM_CPU_GATHER_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>

#include "cpu/exp-inl.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_INLINE float SumOfSquares(const float* x, size_t size) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    sum = hn::MulAdd(v, v, sum);
  }
  float total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < size; ++i) total += x[i] * x[i];
  return total;
}

HWY_INLINE void CopyScaled(const float* from, float scale, size_t size, size_t padded, float* to) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, scale);
  size_t i = 0;
  for (; i + lanes <= size; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, from + i), factor), d, to + i);
  for (; i < size; ++i) to[i] = from[i] * scale;
  for (; i < padded; ++i) to[i] = 0;
}

void Gather(const GatherArgs& a) {
  const float size = static_cast<float>(a.head_size);
  const float plain_scale = 1.0f / std::sqrt(size);
  for (size_t i = 0; i < a.count; ++i) {
    const size_t offset = static_cast<size_t>(a.positions[i]) * a.stride;
    const float* key = a.keys + offset;
    float scale = plain_scale;
    if (a.normalise) scale /= std::sqrt(SumOfSquares(key, a.head_size) / size + 1e-6f);
    CopyScaled(key, scale, a.head_size, a.row_stride, a.tile_keys + i * a.row_stride);
    CopyScaled(a.values + offset, 1.0f, a.head_size, a.row_stride,
               a.tile_values + i * a.row_stride);
  }
}

// Weights of the old and the new part of every query in the block. A round's part weighs
// exp(logsumexp of the round) (Reformer, section 2, "Multi-round LSH attention"), kept as a maximum
// and a sum so that no logarithm is taken.
HWY_INLINE void MergeWeights(const MergeArgs& a, float* old_weight, float* new_weight) {
  const hn::CappedTag<float, 16> d;
  HWY_ALIGN float maxima[kTileQueries];
  HWY_ALIGN float sums[kTileQueries];
  for (size_t q = 0; q < kTileQueries; ++q) {
    const size_t position = static_cast<size_t>(a.positions[q < a.queries ? q : 0]);
    maxima[q] = a.running_max[position];
    sums[q] = a.running_sum[position];
  }
  for (size_t q = 0; q < a.queries; q += hn::Lanes(d)) {
    const auto old_max = hn::Load(d, maxima + q);
    const auto new_max = hn::LoadU(d, a.max + q);
    const auto max = hn::Max(old_max, new_max);
    const auto old_part = hn::Mul(hn::Load(d, sums + q), ExpNonPositive(d, hn::Sub(old_max, max)));
    const auto new_scale = ExpNonPositive(d, hn::Sub(new_max, max));
    const auto sum = hn::MulAdd(hn::LoadU(d, a.sum + q), new_scale, old_part);
    hn::Store(hn::Div(old_part, sum), d, old_weight + q);
    hn::Store(hn::Div(new_scale, sum), d, new_weight + q);
    hn::Store(max, d, maxima + q);
    hn::Store(sum, d, sums + q);
  }
  for (size_t q = 0; q < a.queries; ++q) {
    const size_t position = static_cast<size_t>(a.positions[q]);
    a.running_max[position] = maxima[q];
    a.running_sum[position] = sums[q];
  }
}

void Merge(const MergeArgs& a) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  HWY_ALIGN float old_weight[kTileQueries];
  HWY_ALIGN float new_weight[kTileQueries];
  if (!a.first) MergeWeights(a, old_weight, new_weight);
  for (size_t q = 0; q < a.queries; ++q) {
    const size_t position = static_cast<size_t>(a.positions[q]);
    float* out = a.context + position * a.stride;
    const float* part = a.weighted + q * a.row_stride;
    if (a.first) {
      CopyScaled(part, 1.0f / a.sum[q], a.head_size, a.head_size, out);
      if (a.running_max != nullptr) {
        a.running_max[position] = a.max[q];
        a.running_sum[position] = a.sum[q];
      }
      continue;
    }
    const auto keep = hn::Set(d, old_weight[q]);
    const auto take = hn::Set(d, new_weight[q]);
    size_t i = 0;
    for (; i + lanes <= a.head_size; i += lanes) {
      const auto old_value = hn::Mul(hn::LoadU(d, out + i), keep);
      hn::StoreU(hn::MulAdd(hn::LoadU(d, part + i), take, old_value), d, out + i);
    }
    for (; i < a.head_size; ++i) out[i] = out[i] * old_weight[q] + part[i] * new_weight[q];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

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
#include "cpu/prefetch.h"
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

// Rows in hash order lie anywhere in memory, where no hardware foresees them.
constexpr size_t kRowsAhead = 8;

void Gather(const GatherArgs& a) {
  const float size = static_cast<float>(a.head_size);
  const float plain_scale = 1.0f / std::sqrt(size);
  for (size_t i = 0; i < a.count; ++i) {
    if (i + kRowsAhead < a.count) {
      const size_t ahead = static_cast<size_t>(a.positions[i + kRowsAhead]) * a.stride;
      Prefetch(a.keys + ahead, a.head_size);
      Prefetch(a.values + ahead, a.head_size);
    }
    const size_t offset = static_cast<size_t>(a.positions[i]) * a.stride;
    const float* key = a.keys + offset;
    float scale = plain_scale;
    if (a.normalise) scale /= std::sqrt(SumOfSquares(key, a.head_size) / size + 1e-6f);
    CopyScaled(key, scale, a.head_size, a.row_stride, a.tile_keys + i * a.row_stride);
    CopyScaled(a.values + offset, 1.0f, a.head_size, a.row_stride,
               a.tile_values + i * a.row_stride);
  }
}

// Factors for the rows so far and for this round's (unnormalised) rows, query by query.
//
// Normalising goes by way of the logsumexp in float32, as in the reference, and not by the sum: at
// -1e5, where a query sees nothing but itself, the logsumexp keeps two digits only, and the
// reference's results show it (rows off by 0.2% where a key counts twice). Parity needs the same.
HWY_INLINE void MergeWeights(const MergeArgs& a, float* keep, float* take) {
  const hn::CappedTag<float, 16> d;
  HWY_ALIGN float total[kTileQueries];   // logsumexp of the round
  HWY_ALIGN float before[kTileQueries];  // maximum over the rounds before
  HWY_ALIGN float after[kTileQueries];   // and with this one
  for (size_t q = 0; q < kTileQueries; ++q) {
    const size_t used = q < a.queries ? q : 0;
    total[q] = a.max[used] + std::log(a.sum[used]);
    before[q] = a.first ? total[q] : a.running_max[static_cast<size_t>(a.positions[used])];
    after[q] = before[q] < total[q] ? total[q] : before[q];
  }
  HWY_ALIGN float round[kTileQueries];  // weight of the round among all so far
  for (size_t q = 0; q < a.queries; q += hn::Lanes(d)) {
    const auto max = hn::Load(d, after + q);
    const auto logsumexp = hn::Load(d, total + q);
    const auto weight = ExpNonPositive(d, hn::Sub(logsumexp, max));
    const auto share = ExpNonPositive(d, hn::Sub(hn::Load(d, a.max + q), logsumexp));
    hn::Store(weight, d, round + q);
    hn::Store(hn::Mul(weight, share), d, take + q);
    hn::Store(ExpNonPositive(d, hn::Sub(hn::Load(d, before + q), max)), d, keep + q);
  }
  if (a.running_max == nullptr) return;
  for (size_t q = 0; q < a.queries; ++q) {
    const size_t position = static_cast<size_t>(a.positions[q]);
    const float sum = (a.first ? 0 : a.running_sum[position] * keep[q]) + round[q];
    a.running_max[position] = after[q];
    a.running_sum[position] = sum;
    if (!a.last) continue;
    const float scale = std::exp(after[q] - (after[q] + std::log(sum)));
    keep[q] *= scale;
    take[q] *= scale;
  }
}

void Merge(const MergeArgs& a) {
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  HWY_ALIGN float keep[kTileQueries];
  HWY_ALIGN float take[kTileQueries];
  MergeWeights(a, keep, take);
  for (size_t q = 0; q < a.queries; ++q) {
    if (q + kRowsAhead < a.queries) {
      Prefetch(a.context + static_cast<size_t>(a.positions[q + kRowsAhead]) * a.stride, a.head_size);
    }
    float* out = a.context + static_cast<size_t>(a.positions[q]) * a.stride;
    const float* part = a.weighted + q * a.row_stride;
    if (a.first) {
      CopyScaled(part, take[q], a.head_size, a.head_size, out);
      continue;
    }
    const auto keep_all = hn::Set(d, keep[q]);
    const auto take_all = hn::Set(d, take[q]);
    size_t i = 0;
    for (; i + lanes <= a.head_size; i += lanes) {
      const auto old_value = hn::Mul(hn::LoadU(d, out + i), keep_all);
      hn::StoreU(hn::MulAdd(hn::LoadU(d, part + i), take_all, old_value), d, out + i);
    }
    for (; i < a.head_size; ++i) out[i] = out[i] * keep[q] + part[i] * take[q];
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

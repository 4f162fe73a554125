// Angular locality-sensitive hashing (Reformer, section 2, "Locality sensitive hashing"): the
// bucket of x is the argmax over [x R, -x R].
//
// Buckets must be the same bits on every CPU. So each column is summed over the head in order, with
// a fused multiply-add from 0; vectors run across columns, which leaves that order alone. Ties go
// to the lowest index.
#if defined(TWINSTREAM_CPU_HASH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_HASH_INL_H_
#undef TWINSTREAM_CPU_HASH_INL_H_
#else
#define TWINSTREAM_CPU_HASH_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <limits>

#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using HashTag = hn::CappedTag<float, 16>;
using HashVec = hn::Vec<HashTag>;

// Rounded once, also where the CPU has no such instruction.
HWY_INLINE HashVec FusedMulAdd(HashVec a, HashVec b, HashVec sum) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, sum);
#else
  const HashTag d;
  HWY_ALIGN float x[16], y[16], z[16];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  hn::Store(sum, d, z);
  for (size_t i = 0; i < hn::Lanes(d); ++i) z[i] = std::fma(x[i], y[i], z[i]);
  return hn::Load(d, z);
#endif
}

// Registers: kHashTokens * kHashVecs sums, kHashVecs columns and a broadcast must fit.
constexpr size_t kHashTokens = 6;
#if HWY_TARGET == HWY_AVX3
constexpr size_t kHashVecs = 4;  // 32 registers
#else
constexpr size_t kHashVecs = 2;  // 16 registers
#endif

// The greatest of [x R, -x R] so far, and where it stands; what is not a number is never greatest.
struct Best {
  float value = -std::numeric_limits<float>::infinity();
  size_t index = 0;
};

// The first lane in which one of the vectors is `wanted`, counted over all of them; -1 for none.
template <size_t kVecs>
HWY_INLINE intptr_t Find(const HashVec* vectors, HashVec wanted) {
  const HashTag d;
  for (size_t v = 0; v < kVecs; ++v) {
    const intptr_t lane = hn::FindFirstTrue(d, hn::Eq(vectors[v], wanted));
    if (lane >= 0) return static_cast<intptr_t>(v * hn::Lanes(d)) + lane;
  }
  return -1;
}

// Takes the sums of the columns from `column` on into account. First how large the greatest is,
// then where: that costs a comparison a vector, not two and two selections.
template <size_t kVecs>
HWY_INLINE void Update(const HashArgs& a, size_t column, const HashVec* sums, Best& best) {
  const HashTag d;
  const HashVec lowest = hn::Set(d, -std::numeric_limits<float>::infinity());
  HashVec greatest = lowest;
  for (size_t v = 0; v < kVecs; ++v) {
    const size_t first = column + v * hn::Lanes(d);
    HashVec size = hn::Abs(sums[v]);
    if (first + hn::Lanes(d) > a.half) {
      size = first < a.half ? hn::IfThenElse(hn::FirstN(d, a.half - first), size, lowest) : lowest;
    }
    greatest = hn::IfThenElse(hn::Gt(size, greatest), size, greatest);
  }
  const HashVec top_vector = hn::MaxOfLanes(d, greatest);
  const float top = hn::GetLane(top_vector);
  if (top < best.value || top == -std::numeric_limits<float>::infinity()) return;
  intptr_t lane = Find<kVecs>(sums, top_vector);
  size_t index = column + static_cast<size_t>(lane);
  if (lane < 0 || index >= a.half) {  // past `half`: a column of zeros, where nothing is above 0
    lane = Find<kVecs>(sums, hn::Neg(top_vector));
    index = column + static_cast<size_t>(lane) + a.half;
  }
  if (top > best.value || index < best.index) best = {top, index};
}

template <size_t kTokens, size_t kVecs>
HWY_INLINE void HashColumns(const HashArgs& a, size_t token, size_t column, Best* best) {
  const HashTag d;
  const size_t lanes = hn::Lanes(d);
  const float* states = a.states + token * a.stride;
  HashVec sums[kTokens][kVecs];
  for (size_t t = 0; t < kTokens; ++t) {
    for (size_t v = 0; v < kVecs; ++v) sums[t][v] = hn::Zero(d);
  }
  for (size_t k = 0; k < a.head_size; ++k) {
    const float* row = a.columns + k * a.column_stride + column;
    HashVec rotation[kVecs];
    for (size_t v = 0; v < kVecs; ++v) rotation[v] = hn::LoadU(d, row + v * lanes);
    for (size_t t = 0; t < kTokens; ++t) {
      const HashVec x = hn::Set(d, states[t * a.stride + k]);
      for (size_t v = 0; v < kVecs; ++v) sums[t][v] = FusedMulAdd(x, rotation[v], sums[t][v]);
    }
  }
  for (size_t t = 0; t < kTokens; ++t) Update<kVecs>(a, column, sums[t], best[t]);
}

template <size_t kTokens>
HWY_INLINE void HashTokens(const HashArgs& a, size_t token) {
  const size_t lanes = hn::Lanes(HashTag());
  Best best[kTokens];
  size_t column = 0;
  for (; column + kHashVecs * lanes <= a.column_stride && column + (kHashVecs - 1) * lanes < a.half;
       column += kHashVecs * lanes) {
    HashColumns<kTokens, kHashVecs>(a, token, column, best);
  }
  for (; column + 2 * lanes <= a.column_stride && column + lanes < a.half; column += 2 * lanes) {
    HashColumns<kTokens, 2>(a, token, column, best);
  }
  for (; column < a.half; column += lanes) HashColumns<kTokens, 1>(a, token, column, best);
  for (size_t t = 0; t < kTokens; ++t) {
    int32_t& bucket = a.buckets[token + t];
    bucket = (a.accumulate ? bucket : 0) + a.multiplier * static_cast<int32_t>(best[t].index);
  }
}

void Hash(const HashArgs& a) {
  size_t token = 0;
  for (; token + kHashTokens <= a.tokens; token += kHashTokens) HashTokens<kHashTokens>(a, token);
  for (; token < a.tokens; ++token) HashTokens<1>(a, token);
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

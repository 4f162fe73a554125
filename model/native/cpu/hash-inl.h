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
using HashIndex = hn::Vec<hn::RebindToSigned<HashTag>>;

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

// The best of one token so far, lane by lane.
struct Best {
  HashVec value;
  HashIndex column;
};

HWY_INLINE void Update(Best& best, HashVec value, HashIndex column) {
  const hn::RebindToSigned<HashTag> di;
  const auto greater = hn::Gt(value, best.value);  // strict: the earlier column keeps a tie
  best.value = hn::IfThenElse(greater, value, best.value);
  best.column = hn::IfThenElse(hn::RebindMask(di, greater), column, best.column);
}

// Lane maxima to one; `value` and `index` carry what came before, at lower indices.
HWY_INLINE void Reduce(const Best& best, int32_t offset, float& value, int32_t& index) {
  const HashTag d;
  const hn::RebindToSigned<HashTag> di;
  HWY_ALIGN float values[16];
  HWY_ALIGN int32_t columns[16];
  hn::Store(best.value, d, values);
  hn::Store(best.column, di, columns);
  float top = -std::numeric_limits<float>::infinity();
  int32_t column = 0;
  for (size_t i = 0; i < hn::Lanes(d); ++i) {
    if (values[i] > top || (values[i] == top && columns[i] < column)) {
      top = values[i];
      column = columns[i];
    }
  }
  if (top > value) {
    value = top;
    index = column + offset;
  }
}

template <size_t kTokens, size_t kVecs>
HWY_INLINE void HashColumns(const HashArgs& a, size_t token, size_t column, Best* positive,
                            Best* negative) {
  const HashTag d;
  const hn::RebindToSigned<HashTag> di;
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
  const HashVec lowest = hn::Set(d, -std::numeric_limits<float>::infinity());
  for (size_t v = 0; v < kVecs; ++v) {
    const size_t first = column + v * lanes;
    if (first >= a.half) break;
    const auto used = hn::FirstN(d, a.half - first);
    const HashIndex index = hn::Iota(di, static_cast<int32_t>(first));
    for (size_t t = 0; t < kTokens; ++t) {
      Update(positive[t], hn::IfThenElse(used, sums[t][v], lowest), index);
      Update(negative[t], hn::IfThenElse(used, hn::Neg(sums[t][v]), lowest), index);
    }
  }
}

template <size_t kTokens>
HWY_INLINE void HashTokens(const HashArgs& a, size_t token) {
  const HashTag d;
  const hn::RebindToSigned<HashTag> di;
  const size_t lanes = hn::Lanes(d);
  const Best none{hn::Set(d, -std::numeric_limits<float>::infinity()), hn::Zero(di)};
  Best positive[kTokens];
  Best negative[kTokens];
  for (size_t t = 0; t < kTokens; ++t) positive[t] = negative[t] = none;
  size_t column = 0;
  for (; column + 4 * lanes <= a.column_stride && column + 3 * lanes < a.half;
       column += 4 * lanes) {
    HashColumns<kTokens, 4>(a, token, column, positive, negative);
  }
  for (; column < a.half; column += lanes) {
    HashColumns<kTokens, 1>(a, token, column, positive, negative);
  }
  for (size_t t = 0; t < kTokens; ++t) {
    float value = -std::numeric_limits<float>::infinity();
    int32_t index = 0;
    Reduce(positive[t], 0, value, index);
    Reduce(negative[t], static_cast<int32_t>(a.half), value, index);
    int32_t& bucket = a.buckets[token + t];
    bucket = (a.accumulate ? bucket : 0) + a.multiplier * index;
  }
}

void Hash(const HashArgs& a) {
  size_t token = 0;
  for (; token + 6 <= a.tokens; token += 6) HashTokens<6>(a, token);
  for (; token < a.tokens; ++token) HashTokens<1>(a, token);
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

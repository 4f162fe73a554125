// Softmax attention of a block of queries over one window of keys (Reformer, section 2, equations
// 2 to 5: own position discouraged, later positions left out if causal).
//
// Scores are kept with queries side by side: then maximum, exponential and sum need no work across
// a vector, and each query's sums run over the keys in window order, whatever the vector's width.
#if defined(TWINSTREAM_CPU_ATTEND_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_ATTEND_INL_H_
#undef TWINSTREAM_CPU_ATTEND_INL_H_
#else
#define TWINSTREAM_CPU_ATTEND_INL_H_
#endif

#include <hwy/highway.h>

#include <limits>

#include "cpu/exp-inl.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using TileTag = hn::CappedTag<float, 16>;
using TileVec = hn::Vec<TileTag>;

// Registers: kKeys * kVecs sums, kVecs loads and a broadcast must fit.
#if HWY_TARGET == HWY_AVX3
constexpr size_t kBlock = 12;  // 32 registers
#else
constexpr size_t kBlock = 6;  // 16 registers
#endif
constexpr size_t kWide = 2;

#if HWY_TARGET != HWY_SCALAR
// Four rows of four numbers, transposed; `from` are the rows' starts.
HWY_INLINE void Transpose4(const float* const* from, size_t column, float* to) {
  const hn::FixedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> dd;
  const auto r0 = hn::LoadU(d, from[0] + column);
  const auto r1 = hn::LoadU(d, from[1] + column);
  const auto r2 = hn::LoadU(d, from[2] + column);
  const auto r3 = hn::LoadU(d, from[3] + column);
  const auto low01 = hn::BitCast(dd, hn::InterleaveLower(d, r0, r1));
  const auto low23 = hn::BitCast(dd, hn::InterleaveLower(d, r2, r3));
  const auto high01 = hn::BitCast(dd, hn::InterleaveUpper(d, r0, r1));
  const auto high23 = hn::BitCast(dd, hn::InterleaveUpper(d, r2, r3));
  hn::Store(hn::BitCast(d, hn::InterleaveLower(dd, low01, low23)), d, to);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(dd, low01, low23)), d, to + kTileQueries);
  hn::Store(hn::BitCast(d, hn::InterleaveLower(dd, high01, high23)), d, to + 2 * kTileQueries);
  hn::Store(hn::BitCast(d, hn::InterleaveUpper(dd, high01, high23)), d, to + 3 * kTileQueries);
}
#endif

// Query-major to dimension-major, so that one load brings a dimension of many queries. Queries that
// fill up a vector are copies of the last; nobody reads their results.
HWY_INLINE void TransposeQueries(const AttendArgs& a) {
  const size_t padded = (a.queries + 15) / 16 * 16;
  for (size_t q = 0; q < padded; q += 4) {
    const float* rows[4];
    for (size_t i = 0; i < 4; ++i) {
      const size_t used = q + i < a.queries ? q + i : a.queries - 1;
      rows[i] = a.query + static_cast<size_t>(a.positions[used]) * a.stride;
    }
    float* to = a.transposed + q;
    size_t k = 0;
#if HWY_TARGET != HWY_SCALAR
    for (; k + 4 <= a.head_size; k += 4) Transpose4(rows, k, to + k * kTileQueries);
#endif
    for (; k < a.head_size; ++k) {
      for (size_t i = 0; i < 4; ++i) to[k * kTileQueries + i] = rows[i][k];
    }
  }
}

// Logits of kKeys keys and kVecs vectors of queries, masked and stored; keeps the running maximum.
template <size_t kKeys, size_t kVecs>
HWY_INLINE void Logits(const AttendArgs& a, size_t key, size_t query, const int32_t* positions) {
  const TileTag d;
  const hn::RebindToSigned<TileTag> di;
  const size_t lanes = hn::Lanes(d);
  const float* rows[kKeys];
  for (size_t i = 0; i < kKeys; ++i) rows[i] = a.window[key + i].key;
  TileVec sums[kKeys][kVecs];
  for (size_t i = 0; i < kKeys; ++i) {
    for (size_t v = 0; v < kVecs; ++v) sums[i][v] = hn::Zero(d);
  }
  const float* queries = a.transposed + query;
  for (size_t k = 0; k < a.head_size; ++k, queries += kTileQueries) {
    TileVec x[kVecs];
    for (size_t v = 0; v < kVecs; ++v) x[v] = hn::Load(d, queries + v * lanes);
    for (size_t i = 0; i < kKeys; ++i) {
      const TileVec y = hn::Set(d, rows[i][k]);
      for (size_t v = 0; v < kVecs; ++v) sums[i][v] = hn::MulAdd(x[v], y, sums[i][v]);
    }
  }
  const TileVec excluded = hn::Set(d, -std::numeric_limits<float>::infinity());
  const TileVec own = hn::Set(d, -1e5f);
  for (size_t v = 0; v < kVecs; ++v) {
    const auto at = hn::Load(di, positions + query + v * lanes);
    TileVec max = hn::Load(d, a.max + query + v * lanes);
    for (size_t i = 0; i < kKeys; ++i) {
      const auto key_at = hn::Set(di, a.window[key + i].position);
      TileVec logit = sums[i][v];
      if (a.corrections != nullptr) {
        const float* row = a.corrections + (key + i) * kTileQueries;
        logit = hn::Add(logit, hn::Load(d, row + query + v * lanes));
      }
      if (a.buckets != nullptr) {
        const auto bucket = hn::Load(di, a.buckets + query + v * lanes);
        const auto other = hn::Ne(hn::Set(di, a.window[key + i].bucket), bucket);
        logit = hn::IfThenElse(hn::RebindMask(d, other), excluded, logit);
      }
      if (a.causal) logit = hn::IfThenElse(hn::RebindMask(d, hn::Gt(key_at, at)), excluded, logit);
      if (a.mask_own) logit = hn::IfThenElse(hn::RebindMask(d, hn::Eq(key_at, at)), own, logit);
      hn::Store(logit, d, a.scores + (key + i) * kTileQueries + query + v * lanes);
      max = hn::Max(max, logit);
    }
    hn::Store(max, d, a.max + query + v * lanes);
  }
}

template <size_t kVecs>
HWY_INLINE void LogitsOfAllKeys(const AttendArgs& a, size_t query, const int32_t* positions) {
  size_t key = 0;
  for (; key + kBlock <= a.keys; key += kBlock) Logits<kBlock, kVecs>(a, key, query, positions);
  for (; key + 4 <= a.keys; key += 4) Logits<4, kVecs>(a, key, query, positions);
  for (; key < a.keys; ++key) Logits<1, kVecs>(a, key, query, positions);
}

// Logits to exp(logit - max), and their sum.
HWY_INLINE void Exponentials(const AttendArgs& a, size_t query) {
  const TileTag d;
  const TileVec max = hn::Load(d, a.max + query);
  TileVec sum = hn::Zero(d);
  float* score = a.scores + query;
  for (size_t key = 0; key < a.keys; ++key, score += kTileQueries) {
    const TileVec e = ExpNonPositive(d, hn::Sub(hn::Load(d, score), max));
    hn::Store(e, d, score);
    sum = hn::Add(sum, e);
  }
  hn::Store(sum, d, a.sum + query);
}

// Weighted values of kQueries queries and kVecs vectors of the head.
template <size_t kQueries, size_t kVecs>
HWY_INLINE void Values(const AttendArgs& a, size_t query, size_t column) {
  const TileTag d;
  const size_t lanes = hn::Lanes(d);
  TileVec sums[kQueries][kVecs];
  for (size_t i = 0; i < kQueries; ++i) {
    for (size_t v = 0; v < kVecs; ++v) sums[i][v] = hn::Zero(d);
  }
  const float* score = a.scores + query;
  for (size_t key = 0; key < a.keys; ++key, score += kTileQueries) {
    const float* row = a.window[key].value + column;
    TileVec x[kVecs];
    for (size_t v = 0; v < kVecs; ++v) x[v] = hn::Load(d, row + v * lanes);
    for (size_t i = 0; i < kQueries; ++i) {
      const TileVec weight = hn::Set(d, score[i]);
      for (size_t v = 0; v < kVecs; ++v) sums[i][v] = hn::MulAdd(x[v], weight, sums[i][v]);
    }
  }
  for (size_t i = 0; i < kQueries; ++i) {
    float* out = a.weighted + (query + i) * a.row_stride + column;
    for (size_t v = 0; v < kVecs; ++v) hn::Store(sums[i][v], d, out + v * lanes);
  }
}

template <size_t kVecs>
HWY_INLINE void ValuesOfAllQueries(const AttendArgs& a, size_t column) {
  size_t query = 0;
  for (; query + kBlock <= a.queries; query += kBlock) Values<kBlock, kVecs>(a, query, column);
  for (; query + 4 <= a.queries; query += 4) Values<4, kVecs>(a, query, column);
  for (; query < a.queries; ++query) Values<1, kVecs>(a, query, column);
}

void Attend(const AttendArgs& a) {
  const size_t lanes = hn::Lanes(TileTag());
  HWY_ALIGN int32_t positions[kTileQueries];
  for (size_t q = 0; q < kTileQueries; ++q) {
    positions[q] = q < a.queries ? a.positions[q] : -1;
    a.max[q] = -std::numeric_limits<float>::infinity();
  }
  TransposeQueries(a);
  size_t query = 0;
  for (; query + kWide * lanes <= kTileQueries && query + (kWide - 1) * lanes < a.queries;
       query += kWide * lanes) {
    LogitsOfAllKeys<kWide>(a, query, positions);
  }
  for (; query < a.queries; query += lanes) LogitsOfAllKeys<1>(a, query, positions);
  for (size_t q = 0; q < a.queries; q += lanes) Exponentials(a, q);
  size_t column = 0;
  for (; column + kWide * lanes <= a.row_stride; column += kWide * lanes) {
    ValuesOfAllQueries<kWide>(a, column);
  }
  for (; column < a.row_stride; column += lanes) ValuesOfAllQueries<1>(a, column);
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

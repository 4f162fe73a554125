// Products of a tile of rows with a constant matrix, in float and in 8 bits.
//
// A float product's sum runs over its row in order, and one of 8 bits is exact, so neither depends on
// the tile.
#if defined(TWINSTREAM_CPU_DENSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_DENSE_INL_H_
#undef TWINSTREAM_CPU_DENSE_INL_H_
#else
#define TWINSTREAM_CPU_DENSE_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "cpu/amx-inl.h"
#include "cpu/dense_rows-inl.h"
#include "cpu/prefetch.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Registers: rows * kDenseVecs sums, kDenseVecs weights, a broadcast and what a product needs besides
// must fit.
#if HWY_TARGET == HWY_AVX3
constexpr size_t kDenseRows = 12;  // 32 registers
constexpr size_t kQuadRows = 12;
#else
constexpr size_t kDenseRows = 6;  // 16 registers
constexpr size_t kQuadRows = 4;
#endif
constexpr size_t kDenseVecs = 2;

// Where results go: one of the caller's tensors, in a tile of its rows.
struct Result {
  float* out;
  size_t stride;
  bool past_caches;

  HWY_INLINE void Prefetch(size_t at) const {
    if (!past_caches) twinstream::Prefetch(out + at, kPanelColumns);
  }
  HWY_INLINE void Store(DenseVec value, size_t at) const {
    if (past_caches) {
      hn::Stream(value, DenseTag(), out + at);
    } else {
      hn::StoreU(value, DenseTag(), out + at);
    }
  }
};

// Which instructions make products of 8 bits.
enum class Quads { kPairs, kVnni, kAmx };

// Weights of a block's columns that stay in the nearest cache while a tile's rows pass by.
constexpr size_t kBlockBytes = 16 << 10;

// Sums over some depths of a block of rows and columns: they go on from those in `partial`, and back
// there, or to the sink where the depth ends.
template <size_t kRows, class Sink>
HWY_INLINE void Block(const DenseRows& rows, const DenseMatrix& matrix, size_t row, size_t column,
                      size_t begin, size_t end, float* partial, const Sink& sink) {
  const DenseTag d;
  const size_t lanes = hn::Lanes(d);
  DenseVec sums[kRows][kDenseVecs];
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t v = 0; v < kDenseVecs; ++v) {
      sums[r][v] =
          begin == 0 ? hn::Zero(d) : hn::Load(d, partial + (r * kDenseVecs + v) * lanes);
    }
  }
  const float* weights[kDenseVecs];
  for (size_t v = 0; v < kDenseVecs; ++v) weights[v] = matrix.Panel(column + v * lanes, begin);
  const float* from = rows.floats + row * rows.stride;
  for (size_t k = begin; k < end; ++k) {
    DenseVec w[kDenseVecs];
    for (size_t v = 0; v < kDenseVecs; ++v) {
      w[v] = hn::Load(d, weights[v]);
      weights[v] += kFloatColumns;
    }
    for (size_t r = 0; r < kRows; ++r) {
      const DenseVec x = hn::Set(d, from[r * rows.stride + k]);
      for (size_t v = 0; v < kDenseVecs; ++v) sums[r][v] = hn::MulAdd(x, w[v], sums[r][v]);
    }
  }
  for (size_t r = 0; r < kRows; ++r) {
    for (size_t v = 0; v < kDenseVecs; ++v) {
      if (end < matrix.depth) {
        hn::Store(sums[r][v], d, partial + (r * kDenseVecs + v) * lanes);
      } else {
        sink.Store(sums[r][v], row + r, column + v * lanes);
      }
    }
  }
}

template <class Sink>
HWY_INLINE void FloatDense(const DenseRows& rows, size_t count, const DenseMatrix& matrix,
                           const Sink& sink) {
  const size_t columns = kDenseVecs * hn::Lanes(DenseTag());
  const size_t depth = kBlockBytes / (columns * sizeof(float));
  HWY_ALIGN float sums[kMostTileRows * kPanelColumns];
  for (size_t column = 0; column < matrix.columns; column += columns) {
    for (size_t begin = 0; begin < matrix.depth; begin += depth) {
      const size_t end = std::min(begin + depth, matrix.depth);
      size_t row = 0;
      for (; row + kDenseRows <= count; row += kDenseRows) {
        Block<kDenseRows>(rows, matrix, row, column, begin, end, sums + row * columns, sink);
      }
      for (; row + 3 <= count; row += 3) {
        Block<3>(rows, matrix, row, column, begin, end, sums + row * columns, sink);
      }
      for (; row < count; ++row) {
        Block<1>(rows, matrix, row, column, begin, end, sums + row * columns, sink);
      }
    }
  }
}

// sum + four unsigned bytes of a row times four signed ones of a column. Two such products stay under
// 2^15, or AVX2's would saturate: 2 * 255 * 63. Added in place by assembly: with an intrinsic, GCC 12
// keeps each sum twice, and has no registers for it.
template <Quads kQuads>
HWY_INLINE QuadVec AddQuads(QuadVec sum, QuadVec row, QuadVec column) {
#if HWY_TARGET == HWY_AVX3
  if constexpr (kQuads != Quads::kPairs) {
    // Highway has no target of AVX-512 with VNNI alone, and the compiler no intrinsic without one.
    asm("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(row.raw), "v"(column.raw));
    return sum;
  }
  const __m512i pairs = _mm512_maddubs_epi16(row.raw, column.raw);
  const __m512i products = _mm512_madd_epi16(pairs, _mm512_set1_epi16(1));
  asm("vpaddd %1, %0, %0" : "+v"(sum.raw) : "v"(products));
  return sum;
#elif HWY_TARGET == HWY_AVX2
  const __m256i pairs = _mm256_maddubs_epi16(row.raw, column.raw);
  const __m256i products = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  asm("vpaddd %1, %0, %0" : "+x"(sum.raw) : "x"(products));
  return sum;
#else
  const QuadTag d;
  const QuadVec byte = hn::Set(d, 255);
  sum = hn::Add(sum, hn::Mul(hn::And(row, byte), hn::ShiftRight<24>(hn::ShiftLeft<24>(column))));
  sum = hn::Add(sum, hn::Mul(hn::And(hn::ShiftRight<8>(row), byte),
                             hn::ShiftRight<24>(hn::ShiftLeft<16>(column))));
  sum = hn::Add(sum, hn::Mul(hn::And(hn::ShiftRight<16>(row), byte),
                             hn::ShiftRight<24>(hn::ShiftLeft<8>(column))));
  return hn::Add(sum, hn::Mul(hn::And(hn::ShiftRight<24>(row), byte), hn::ShiftRight<24>(column)));
#endif
}

// Sums of whole numbers with kRowZero in them, as floats, to the sink.
template <class Sink>
HWY_INLINE void StoreQuads(QuadVec sum, float row_scale, const DenseMatrix& matrix, size_t row,
                           size_t column, const Sink& sink) {
  const DenseTag d;
  const QuadVec whole = hn::Sub(sum, hn::Load(QuadTag(), matrix.offsets + column));
  const DenseVec scale = hn::Mul(hn::Set(d, row_scale), hn::Load(d, matrix.scales + column));
  sink.Store(hn::Mul(hn::ConvertTo(d, whole), scale), row, column);
}

template <size_t kRows, Quads kQuads, class Sink>
HWY_INLINE void QuadBlock(const DenseRows& rows, const DenseMatrix& matrix, size_t row,
                          size_t column, const Sink& sink) {
  const QuadTag di;
  const size_t lanes = hn::Lanes(di);
  const auto* panel = reinterpret_cast<const int32_t*>(matrix.quads + column * matrix.depth);
  for (size_t offset = 0; offset < kPanelColumns; offset += kDenseVecs * lanes) {
    QuadVec sums[kRows][kDenseVecs];
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t v = 0; v < kDenseVecs; ++v) sums[r][v] = hn::Zero(di);
    }
    const int32_t* weights = panel + offset;
    const uint8_t* from = rows.bytes + row * rows.byte_stride;
    for (size_t k = 0; k < matrix.depth; k += 4, weights += kPanelColumns) {
      QuadVec w[kDenseVecs];
      for (size_t v = 0; v < kDenseVecs; ++v) w[v] = hn::Load(di, weights + v * lanes);
      for (size_t r = 0; r < kRows; ++r) {
        int32_t quad;
        std::memcpy(&quad, from + r * rows.byte_stride + k, sizeof(quad));
        const QuadVec x = hn::Set(di, quad);
        for (size_t v = 0; v < kDenseVecs; ++v) sums[r][v] = AddQuads<kQuads>(sums[r][v], x, w[v]);
      }
    }
    for (size_t r = 0; r < kRows; ++r) {
      for (size_t v = 0; v < kDenseVecs; ++v) {
        StoreQuads(sums[r][v], rows.scales[row + r], matrix, row + r, column + offset + v * lanes,
                   sink);
      }
    }
  }
}

#if HWY_TARGET == HWY_AVX3
// A block's sums go to the sink while the next are made. Rows past `count` are made of what lies in
// the tile, and dropped.
template <class Sink>
HWY_NOINLINE void AmxDense(const DenseRows& rows, size_t count, const DenseMatrix& matrix,
                           const Sink& sink) {
  const QuadTag di;
  const size_t lanes = hn::Lanes(di);
  const AmxTiles tiles;
  HWY_ALIGN int32_t sums[kAmxRows * kPanelColumns];
  const auto finish = [&](size_t row, size_t column) {
    const size_t last = std::min(kAmxRows, count - row);
    for (size_t r = 0; r < last; ++r) {
      for (size_t at = 0; at < kPanelColumns; at += lanes) {
        StoreQuads(hn::Load(di, sums + r * kPanelColumns + at), rows.scales[row + r], matrix,
                   row + r, column + at, sink);
      }
    }
  };
  size_t ready_row = 0;
  size_t ready_column = matrix.columns;  // none yet
  for (size_t column = 0; column < matrix.columns; column += kPanelColumns) {
    for (size_t row = 0; row < count; row += kAmxRows) {
      for (size_t r = row; r < std::min(count, row + kAmxRows); ++r) sink.Prefetch(r, column);
      tiles.Multiply(rows.bytes + row * rows.byte_stride, rows.byte_stride,
                     matrix.quads + column * matrix.depth, matrix.depth);
      if (ready_column < matrix.columns) finish(ready_row, ready_column);
      tiles.Store(sums);
      ready_row = row;
      ready_column = column;
    }
  }
  if (ready_column < matrix.columns) finish(ready_row, ready_column);
}
#endif

// rows [count, depth] times the matrix; what becomes of a sum is the sink's.
template <Quads kQuads, class Sink>
HWY_INLINE void Dense(const DenseRows& rows, size_t count, const DenseMatrix& matrix,
                      const Sink& sink) {
#if HWY_TARGET == HWY_AVX3
  if constexpr (kQuads == Quads::kAmx) {
    if (matrix.quads != nullptr && matrix.depth % kAmxDepth == 0) {
      AmxDense(rows, count, matrix, sink);
      return;
    }
  }
#endif
  if (matrix.quads == nullptr) {
    FloatDense(rows, count, matrix, sink);
    return;
  }
  for (size_t column = 0; column < matrix.columns; column += kPanelColumns) {
    size_t row = 0;
    for (; row + kQuadRows <= count; row += kQuadRows) {
      QuadBlock<kQuadRows, kQuads>(rows, matrix, row, column, sink);
    }
    for (; row < count; ++row) QuadBlock<1, kQuads>(rows, matrix, row, column, sink);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

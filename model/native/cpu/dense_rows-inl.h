// Rows on their way into a product: their LayerNorm, and their numbers in 8 bits.
#if defined(TWINSTREAM_CPU_DENSE_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_DENSE_ROWS_INL_H_
#undef TWINSTREAM_CPU_DENSE_ROWS_INL_H_
#else
#define TWINSTREAM_CPU_DENSE_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>

#include "cpu/prefetch.h"
#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DenseTag = hn::CappedTag<float, 16>;
using DenseVec = hn::Vec<DenseTag>;
using QuadTag = hn::RebindToSigned<DenseTag>;
using QuadVec = hn::Vec<QuadTag>;

// Rows as they go into a product.
struct DenseRows {
  const float* floats;
  size_t stride;
  const uint8_t* bytes;  // in place of the floats, where the matrix is of 8 bits
  size_t byte_stride;
  const float* scales;
};

// Rows are asked for so many before they are needed.
constexpr size_t kRowsBefore = 3;

HWY_INLINE void PrefetchAhead(const float* rows, size_t stride, size_t row, size_t count,
                              size_t width) {
  if (row + kRowsBefore < count) Prefetch(rows + (row + kRowsBefore) * stride, width);
}

// LayerNorm of one row.
HWY_INLINE void NormRow(const float* norm_scale, const float* norm_bias, float epsilon, size_t width,
                        const float* from, float* to) {
  const DenseTag d;
  const size_t lanes = hn::Lanes(d);
  const float size = static_cast<float>(width);
  DenseVec sum = hn::Zero(d);
  for (size_t i = 0; i < width; i += lanes) sum = hn::Add(sum, hn::LoadU(d, from + i));
  const DenseVec mean = hn::Set(d, hn::GetLane(hn::SumOfLanes(d, sum)) / size);
  DenseVec squares = hn::Zero(d);
  for (size_t i = 0; i < width; i += lanes) {
    const DenseVec centred = hn::Sub(hn::LoadU(d, from + i), mean);
    squares = hn::MulAdd(centred, centred, squares);
  }
  const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) / size;
  const DenseVec scale = hn::Set(d, 1.0f / std::sqrt(variance + epsilon));
  for (size_t i = 0; i < width; i += lanes) {
    const DenseVec centred = hn::Mul(hn::Sub(hn::LoadU(d, from + i), mean), scale);
    const DenseVec shift = hn::LoadU(d, norm_bias + i);
    hn::Store(hn::MulAdd(centred, hn::LoadU(d, norm_scale + i), shift), d, to + i);
  }
}

// One row as whole numbers from -127 to 127, each with kRowZero added. Returns what one stands for:
// not a number where the row has such, or an infinite one.
HWY_INLINE float QuantizeRow(const float* from, size_t width, uint8_t* to) {
  constexpr float kMost = 127.0f;
  constexpr float kLeast = 1e-30f;  // below it, a row is zero: its inverse might be infinite
  // Added to a small number, it leaves it rounded, half to even, in the last bits of the sum.
  constexpr float kLastBits = 12582912.0f + kRowZero;  // 1.5 * 2^23
  const DenseTag d;
  const hn::RebindToUnsigned<DenseTag> du;
  const hn::Rebind<uint8_t, DenseTag> bytes;
  const size_t lanes = hn::Lanes(d);
  DenseVec largest = hn::Zero(d);
  DenseVec unreal = hn::Zero(d);
  for (size_t i = 0; i < width; i += lanes) {
    const DenseVec size = hn::Abs(hn::LoadU(d, from + i));
    largest = hn::Max(largest, size);
    unreal = hn::MulAdd(size, hn::Zero(d), unreal);
  }
  const float most = hn::GetLane(hn::MaxOfLanes(d, largest));
  const bool is_zero = !(most > kLeast);
  const DenseVec inverse = hn::Set(d, is_zero ? 0.0f : kMost / most);
  const DenseVec last_bits = hn::Set(d, kLastBits);
  for (size_t i = 0; i < width; i += lanes) {
    const DenseVec number = hn::Add(hn::Mul(hn::LoadU(d, from + i), inverse), last_bits);
    hn::StoreU(hn::TruncateTo(bytes, hn::BitCast(du, number)), bytes, to + i);
  }
  return (is_zero ? 0.0f : most / kMost) + hn::GetLane(hn::SumOfLanes(d, unreal));
}

// Rows in the form in which the matrix takes them.
HWY_INLINE DenseRows Prepared(const float* rows, size_t stride, size_t count,
                              const DenseMatrix& matrix, const RowScratch& scratch) {
  if (matrix.quads != nullptr) {
    for (size_t row = 0; row < count; ++row) {
      PrefetchAhead(rows, stride, row, count, matrix.depth);
      scratch.scales[row] = QuantizeRow(rows + row * stride, matrix.depth,
                                        scratch.bytes + row * scratch.byte_stride);
    }
  }
  return {rows, stride, scratch.bytes, scratch.byte_stride, scratch.scales};
}

// Their LayerNorm, in that form.
HWY_INLINE DenseRows Normed(const float* norm_scale, const float* norm_bias, float epsilon,
                            const float* rows, size_t count, const DenseMatrix& matrix,
                            const RowScratch& scratch) {
  for (size_t row = 0; row < count; ++row) {
    const float* from = rows + row * matrix.depth;
    PrefetchAhead(rows, matrix.depth, row, count, matrix.depth);
    if (matrix.quads == nullptr) {
      NormRow(norm_scale, norm_bias, epsilon, matrix.depth, from,
              scratch.rows + row * scratch.stride);
    } else {
      // One row at a time, while it is near.
      NormRow(norm_scale, norm_bias, epsilon, matrix.depth, from, scratch.rows);
      scratch.scales[row] =
          QuantizeRow(scratch.rows, matrix.depth, scratch.bytes + row * scratch.byte_stride);
    }
  }
  return {scratch.rows, scratch.stride, scratch.bytes, scratch.byte_stride, scratch.scales};
}

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

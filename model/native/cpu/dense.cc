#include "cpu/dense.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace twinstream {
namespace {

constexpr float kMostWeight = 63.0f;

// Measured: of 16 MB, stores through the caches are faster, of 64 MB those around them, by 8% of all.
constexpr size_t kPastCaches = size_t{32} << 20;

constexpr size_t kRowBlock = 12;
// A short input is cut into this many tiles at least, for as many threads.
constexpr size_t kTiles = 8;

// Rows a power of two apart fall into the same few lines of the cache.
size_t Stride(size_t width) { return RoundUp(width, kLineFloats) + kLineFloats; }
size_t ByteStride(size_t width) { return RoundUp(width, kAlignment) + kAlignment; }

}  // namespace

PackedMatrix::PackedMatrix(const float* matrix, size_t depth, size_t columns, bool eight_bit)
    : depth_(depth), columns_(columns) {
  if (eight_bit) {
    PackQuads(matrix);
  } else {
    PackFloats(matrix);
  }
}

void PackedMatrix::PackFloats(const float* matrix) {
  panels_ = AlignedBuffer(depth_ * columns_);
  float* to = panels_.data();
  for (size_t column = 0; column < columns_; column += kFloatColumns) {
    for (size_t k = 0; k < depth_; ++k, to += kFloatColumns) {
      std::copy_n(matrix + k * columns_ + column, kFloatColumns, to);
    }
  }
}

void PackedMatrix::PackQuads(const float* matrix) {
  quads_ = Aligned<int8_t>(depth_ * columns_);
  scales_ = AlignedBuffer(columns_);
  offsets_ = Aligned<int32_t>(columns_);
  for (size_t column = 0; column < columns_; ++column) {
    float largest = 0;
    for (size_t k = 0; k < depth_; ++k) {
      largest = std::max(largest, std::fabs(matrix[k * columns_ + column]));
    }
    const float scale = largest / kMostWeight;
    int8_t* panel = quads_.data() + column / kPanelColumns * kPanelColumns * depth_;
    int32_t sum = 0;
    for (size_t k = 0; k < depth_; ++k) {
      // Half to even, as everywhere.
      const auto weight = static_cast<int8_t>(
          scale > 0 ? std::nearbyint(matrix[k * columns_ + column] / scale) : 0.0f);
      panel[(k / 4 * kPanelColumns + column % kPanelColumns) * 4 + k % 4] = weight;
      sum += weight;
    }
    scales_.data()[column] = scale;
    offsets_.data()[column] = kRowZero * sum;
  }
}

DenseMatrix PackedMatrix::view() const {
  return {depth_,         columns_,       panels_.data(),
          quads_.data(), scales_.data(), offsets_.data()};
}

TileRows::TileRows(size_t width, bool eight_bit)
    : width_(width), rows_(kMostTileRows * Stride(width)) {
  if (eight_bit) {
    bytes_ = Aligned<uint8_t>(kMostTileRows * ByteStride(width));
    scales_ = AlignedBuffer(kMostTileRows);
  }
}

RowScratch TileRows::view() const {
  return {rows_.data(), Stride(width_), bytes_.data(), ByteStride(width_), scales_.data()};
}

bool StoresPastCaches(const float* out, size_t rows, size_t columns) {
  return rows * columns * sizeof(float) >= kPastCaches &&
         reinterpret_cast<uintptr_t>(out) % kAlignment == 0;
}

void ForEachTile(size_t rows, TaskRunner& runner, const std::function<void(size_t, size_t)>& tile) {
  const size_t tile_rows =
      std::min(kMostTileRows, RoundUp(std::max<size_t>(1, rows / kTiles), kRowBlock));
  runner.Run((rows + tile_rows - 1) / tile_rows, [&](size_t index) {
    const size_t first = index * tile_rows;
    tile(first, std::min(tile_rows, rows - first));
  });
}

}  // namespace twinstream

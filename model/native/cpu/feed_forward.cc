#include "cpu/feed_forward.h"

#include <algorithm>
#include <memory>

#include "cpu/scratch_pool.h"

namespace twinstream {
namespace {

// Rows of a tile at most: with an inner width of 1,024 they take 400 KB. A multiple of every
// kernel's block of rows.
constexpr size_t kMostRows = 96;
constexpr size_t kRowBlock = 12;
// A short input is cut into this many tiles at least, for as many threads.
constexpr size_t kTiles = 8;

// Rows a power of two apart fall into the same few lines of the cache.
size_t Stride(size_t width) { return RoundUp(width, kLineFloats) + kLineFloats; }

struct Tile {
  explicit Tile(const FeedForwardWeights& weights)
      : normed(kMostRows * Stride(weights.width)),
        inner(kMostRows * Stride(weights.inner_width)) {}
  AlignedBuffer normed;
  AlignedBuffer inner;
};

}  // namespace

AlignedBuffer PackMatrix(const float* matrix, size_t depth, size_t columns) {
  AlignedBuffer packed(depth * columns);
  float* to = packed.data();
  for (size_t column = 0; column < columns; column += kPanelColumns) {
    for (size_t k = 0; k < depth; ++k, to += kPanelColumns) {
      std::copy_n(matrix + k * columns + column, kPanelColumns, to);
    }
  }
  return packed;
}

void RunFeedForward(const FeedForwardWeights& weights, const float* states, const float* residual,
                    float* out, size_t rows, const SimdKernels& kernels, TaskRunner& runner) {
  const size_t tile_rows =
      std::min(kMostRows, RoundUp(std::max<size_t>(1, rows / kTiles), kRowBlock));
  ScratchPool<Tile> pool([&weights] { return std::make_unique<Tile>(weights); });
  runner.Run((rows + tile_rows - 1) / tile_rows, [&](size_t index) {
    const size_t first = index * tile_rows;
    const size_t offset = first * weights.width;
    std::unique_ptr<Tile> tile = pool.Take();
    FeedForwardArgs args;
    args.states = states + offset;
    args.residual = residual + offset;
    args.out = out + offset;
    args.rows = std::min(tile_rows, rows - first);
    args.width = weights.width;
    args.inner_width = weights.inner_width;
    args.epsilon = weights.epsilon;
    args.norm_scale = weights.norm_scale.data();
    args.norm_bias = weights.norm_bias.data();
    args.first = weights.first.data();
    args.first_bias = weights.first_bias.data();
    args.second = weights.second.data();
    args.second_bias = weights.second_bias.data();
    args.normed = tile->normed.data();
    args.normed_stride = Stride(weights.width);
    args.inner = tile->inner.data();
    args.inner_stride = Stride(weights.inner_width);
    kernels.feed_forward(args);
    pool.Give(std::move(tile));
  });
}

}  // namespace twinstream

#include "cpu/feed_forward.h"

#include <memory>

#include "cpu/scratch_pool.h"

namespace twinstream {
namespace {

struct Tile {
  explicit Tile(const FeedForwardWeights& weights)
      : normed(weights.width, weights.eight_bit), inner(weights.inner_width, weights.eight_bit) {}
  TileRows normed;
  TileRows inner;
};

}  // namespace

void RunFeedForward(const FeedForwardWeights& weights, const float* states, const float* residual,
                    float* out, size_t rows, const SimdKernels& kernels, TaskRunner& runner) {
  const bool past_caches = StoresPastCaches(out, rows, weights.width);
  ScratchPool<Tile> pool([&weights] { return std::make_unique<Tile>(weights); });
  ForEachTile(rows, runner, [&](size_t first, size_t count) {
    const size_t offset = first * weights.width;
    std::unique_ptr<Tile> tile = pool.Take();
    FeedForwardArgs args;
    args.states = states + offset;
    args.residual = residual + offset;
    args.out = out + offset;
    args.rows = count;
    args.epsilon = weights.epsilon;
    args.norm_scale = weights.norm_scale.data();
    args.norm_bias = weights.norm_bias.data();
    args.first = weights.first.view();
    args.first_bias = weights.first_bias.data();
    args.second = weights.second.view();
    args.second_bias = weights.second_bias.data();
    args.past_caches = past_caches;
    args.normed = tile->normed.view();
    args.inner = tile->inner.view();
    kernels.feed_forward(args);
    pool.Give(std::move(tile));
  });
}

}  // namespace twinstream

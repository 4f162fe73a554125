#include "cpu/projection.h"

#include <memory>

#include "cpu/scratch_pool.h"

namespace twinstream {

void RunProjection(const ProjectionWeights& weights, const float* states, const float* residual,
                   const std::vector<float*>& outs, size_t rows, const SimdKernels& kernels,
                   TaskRunner& runner) {
  std::vector<DenseMatrix> matrices;
  for (const PackedMatrix& matrix : weights.matrices) matrices.push_back(matrix.view());
  bool past_caches = true;
  for (size_t i = 0; i < outs.size(); ++i) {
    past_caches = past_caches && StoresPastCaches(outs[i], rows, matrices[i].columns);
  }
  ScratchPool<TileRows> pool(
      [&weights] { return std::make_unique<TileRows>(weights.depth, weights.eight_bit); });
  ForEachTile(rows, runner, [&](size_t first, size_t count) {
    std::vector<float*> tile_outs;
    for (size_t i = 0; i < outs.size(); ++i) {
      tile_outs.push_back(outs[i] + first * matrices[i].columns);
    }
    std::unique_ptr<TileRows> scratch = pool.Take();
    ProjectionArgs args;
    args.states = states + first * weights.depth;
    args.rows = count;
    args.epsilon = weights.epsilon;
    args.norm_scale = weights.norm_scale.data();
    args.norm_bias = weights.norm_bias.data();
    args.matrices = matrices.data();
    args.count = matrices.size();
    args.residual = residual == nullptr ? nullptr : residual + first * matrices[0].columns;
    args.outs = tile_outs.data();
    args.past_caches = past_caches;
    args.scratch = scratch->view();
    kernels.project(args);
    pool.Give(std::move(scratch));
  });
}

}  // namespace twinstream

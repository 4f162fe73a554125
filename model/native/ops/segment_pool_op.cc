#include "ops/segment_pool_op.h"

#include "cpu/segment_pool.h"
#include "ops/pool_inputs.h"

namespace twinstream {

void SegmentPoolOp::InferShapes(ShapeContext& shapes) { InferPoolShapes(shapes); }

SegmentPoolOp::Kernel::Kernel(const OrtKernelInfo* info) : normalise_(ReadNormalise(info)) {}

void SegmentPoolOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView states = Input(context, 0, "states", kFloat);
  const TensorView weights = Input(context, 1, "weights", kFloat);
  const TensorView segment_ids = Input(context, 2, "segment_ids", kInt64);
  const TensorView projection = OptionalInput(context, 3, "projection", kFloat);
  const PoolSizes sizes = CheckPoolShapes(states, weights, segment_ids, projection);

  const PoolTensors tensors{sizes.batch, sizes.length, sizes.width, sizes.output_size,
                            states.As<float>(), weights.As<float>(), segment_ids.As<int64_t>(),
                            projection.As<float>(), normalise_};
  const int64_t segments = CountSegments(tensors);
  auto* document = static_cast<float*>(Output(context, 0, {sizes.batch, sizes.output_size}));
  auto* by_segment =
      static_cast<float*>(Output(context, 1, {sizes.batch, segments, sizes.output_size}));
  OrtTaskRunner runner(context);
  PoolSegments(tensors, segments, document, by_segment, runner);
}

}  // namespace twinstream

#include "ops/segment_pool_op.h"

#include <algorithm>

#include "cpu/segment_pool.h"
#include "ops/check_shapes.h"

namespace twinstream {
namespace {

bool ReadNormalise(const OrtKernelInfo* info) {
  const int64_t value = ReadInt(info, "normalize", 1);
  if (value != 0 && value != 1) Reject("attribute normalize", value, "0 or 1");
  return value == 1;
}

}  // namespace

void SegmentPoolOp::InferShapes(ShapeContext& shapes) {
  const auto states = shapes.States(0, 2);
  if (!states) return;
  Dimension size = (*states)[2];
  if (const auto projection = shapes.Input(3)) {
    if (projection->size() != 2) return;
    size = (*projection)[1];
  }
  shapes.SetOutput(0, {(*states)[0], size}, kFloat);
}

SegmentPoolOp::Kernel::Kernel(const OrtKernelInfo* info) : normalise_(ReadNormalise(info)) {}

void SegmentPoolOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView states = Input(context, 0, "states", kFloat);
  const TensorView weights = Input(context, 1, "weights", kFloat);
  const TensorView segment_ids = Input(context, 2, "segment_ids", kInt64);
  const TensorView projection = OptionalInput(context, 3, "projection", kFloat);

  const AttentionSizes sizes = CheckStates("states", states.shape, 1);
  CheckSame("weights", weights.shape, {sizes.batch, sizes.length});
  CheckSame("segment_ids", segment_ids.shape, {sizes.batch, sizes.length});
  int64_t output_size = sizes.hidden;
  if (projection.present) {
    if (projection.shape.size() != 2 || projection.shape[0] != sizes.hidden ||
        projection.shape[1] < 1) {
      Reject("the shape of projection", projection.shape,
             "[" + std::to_string(sizes.hidden) + ", at least 1]");
    }
    output_size = projection.shape[1];
  }
  const PoolTensors tensors{sizes.batch, sizes.length, sizes.hidden, output_size,
                            states.As<float>(), weights.As<float>(), segment_ids.As<int64_t>(),
                            projection.As<float>(), normalise_};
  const int64_t segments = CountSegments(tensors);
  auto* document = static_cast<float*>(Output(context, 0, {sizes.batch, output_size}));
  auto* by_segment =
      static_cast<float*>(Output(context, 1, {sizes.batch, segments, output_size}));
  OrtTaskRunner runner(context);
  PoolSegments(tensors, segments, document, by_segment, runner);
}

}  // namespace twinstream

#include "ops/pool_inputs.h"

#include "ops/check_shapes.h"

namespace twinstream {

bool ReadNormalise(const OrtKernelInfo* info) {
  const int64_t value = ReadInt(info, "normalize", 1);
  if (value != 0 && value != 1) Reject("attribute normalize", value, "0 or 1");
  return value == 1;
}

PoolSizes CheckPoolShapes(const TensorView& states, const TensorView& weights,
                          const TensorView& segment_ids, const TensorView& projection) {
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
  return {sizes.batch, sizes.length, sizes.hidden, output_size};
}

void InferPoolShapes(ShapeContext& shapes) {
  const auto states = shapes.States(0, 2);
  if (!states) return;
  Dimension size = (*states)[2];
  if (const auto projection = shapes.Input(3)) {
    if (projection->size() != 2) return;
    size = (*projection)[1];
  }
  shapes.SetOutput(0, {(*states)[0], size}, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT);
}

}  // namespace twinstream

#include "ops/feed_forward_op.h"

#include "ops/check_shapes.h"
#include "ops/constant_inputs.h"

namespace twinstream {
namespace {

FeedForwardWeights ReadWeights(const OrtKernelInfo* info) {
  const auto& inputs = FeedForwardOp::kInputs;
  const Shape shape = Constant(info, 4, inputs[4].name, {-1, -1}).shape;
  const int64_t width = shape[0];
  const int64_t inner = shape[1];
  const bool eight_bit = ReadEightBit(info);
  return {static_cast<size_t>(width),
          static_cast<size_t>(inner),
          ReadRequiredFloat(info, "epsilon"),
          eight_bit,
          ConstantVector(info, 2, inputs[2].name, width),
          ConstantVector(info, 3, inputs[3].name, width),
          ConstantMatrix(info, 4, inputs[4].name, shape, eight_bit),
          ConstantVector(info, 5, inputs[5].name, inner),
          ConstantMatrix(info, 6, inputs[6].name, {inner, width}, eight_bit),
          ConstantVector(info, 7, inputs[7].name, width)};
}

}  // namespace

void FeedForwardOp::InferShapes(ShapeContext& shapes) {
  const auto states = shapes.Input(0);
  if (states) shapes.SetOutput(0, *states, kFloat);
}

FeedForwardOp::Kernel::Kernel(const OrtKernelInfo* info) : weights_(ReadWeights(info)) {}

void FeedForwardOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView states = Input(context, 0, "states", kFloat);
  const TensorView residual = Input(context, 1, "residual", kFloat);
  const AttentionSizes sizes = CheckStates("states", states.shape, 1);
  CheckSame("states", states.shape,
            {sizes.batch, sizes.length, static_cast<int64_t>(weights_.width)});
  CheckSame("residual", residual.shape, states.shape);
  auto* out = static_cast<float*>(Output(context, 0, states.shape));
  OrtTaskRunner runner(context);
  RunFeedForward(weights_, states.As<float>(), residual.As<float>(), out,
                 static_cast<size_t>(sizes.batch * sizes.length), ChosenKernels(), runner);
}

}  // namespace twinstream

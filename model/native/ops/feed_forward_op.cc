#include "ops/feed_forward_op.h"

#include <algorithm>

#include "ops/check_shapes.h"

namespace twinstream {
namespace {

// A constant of the graph of the given shape; -1: any size.
TensorView Constant(const OrtKernelInfo* info, size_t index, const Shape& wanted) {
  const char* name = FeedForwardOp::kInputs[index].name;
  const TensorView view = ConstantInput(info, index);
  if (!view.present) Reject(std::string("input ") + name, "computed", "a constant of the graph");
  Shape shape = wanted;
  for (size_t i = 0; i < std::min(shape.size(), view.shape.size()); ++i) {
    if (shape[i] < 0) shape[i] = view.shape[i];
  }
  CheckSame(name, view.shape, shape);
  return view;
}

AlignedBuffer Vector(const OrtKernelInfo* info, size_t index, int64_t size) {
  AlignedBuffer copy(static_cast<size_t>(size));
  std::copy_n(Constant(info, index, {size}).As<float>(), size, copy.data());
  return copy;
}

FeedForwardWeights ReadWeights(const OrtKernelInfo* info) {
  const TensorView first = Constant(info, 4, {-1, -1});
  const int64_t width = first.shape[0];
  const int64_t inner = first.shape[1];
  for (const int64_t size : {width, inner}) {
    if (size < 1 || size % static_cast<int64_t>(kPanelColumns) != 0) {
      Reject("a size of first", size, "a positive multiple of " + std::to_string(kPanelColumns));
    }
  }
  const TensorView second = Constant(info, 6, {inner, width});
  const auto w = static_cast<size_t>(width);
  const auto n = static_cast<size_t>(inner);
  return {w,
          n,
          ReadRequiredFloat(info, "epsilon"),
          Vector(info, 2, width),
          Vector(info, 3, width),
          PackMatrix(first.As<float>(), w, n),
          Vector(info, 5, inner),
          PackMatrix(second.As<float>(), n, w),
          Vector(info, 7, width)};
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

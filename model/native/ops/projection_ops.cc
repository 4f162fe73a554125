#include "ops/projection_ops.h"

#include "ops/check_shapes.h"
#include "ops/constant_inputs.h"

namespace twinstream {
namespace {

// Behind states, norm_scale and norm_bias.
constexpr size_t kFirstMatrix = 3;

ProjectionWeights ReadInputWeights(const OrtKernelInfo* info, const Port* inputs) {
  const size_t count = InputCount(info);
  const Shape shape = Constant(info, kFirstMatrix, inputs[kFirstMatrix].name, {-1, -1}).shape;
  const bool eight_bit = ReadEightBit(info);
  std::vector<PackedMatrix> matrices;
  for (size_t index = kFirstMatrix; index < count; ++index) {
    matrices.push_back(ConstantMatrix(info, index, inputs[index].name, shape, eight_bit));
  }
  return {static_cast<size_t>(shape[0]),
          ReadRequiredFloat(info, "epsilon"),
          eight_bit,
          ConstantVector(info, 1, inputs[1].name, shape[0]),
          ConstantVector(info, 2, inputs[2].name, shape[0]),
          std::move(matrices)};
}

void InferInputShapes(ShapeContext& shapes, size_t matrices) {
  const auto states = shapes.Input(0);
  if (!states || states->size() != 3) return;
  for (size_t i = 0; i < matrices; ++i) {
    const auto matrix = shapes.Input(kFirstMatrix + i);
    if (!matrix || matrix->size() != 2) continue;
    shapes.SetOutput(i, {(*states)[0], (*states)[1], (*matrix)[1]}, kFloat);
  }
}

ProjectionWeights ReadOutputWeights(const OrtKernelInfo* info) {
  const char* name = OutputProjectionOp::kInputs[2].name;
  const bool eight_bit = ReadEightBit(info);
  std::vector<PackedMatrix> matrices;
  matrices.push_back(ConstantMatrix(info, 2, name, {-1, -1}, eight_bit));
  const size_t depth = matrices[0].view().depth;
  return {depth, 0.0f, eight_bit, {}, {}, std::move(matrices)};
}

size_t Rows(const AttentionSizes& sizes) {
  return static_cast<size_t>(sizes.batch * sizes.length);
}

}  // namespace

void LshProjectionOp::InferShapes(ShapeContext& shapes) {
  InferInputShapes(shapes, std::size(kOutputs));
}

void LocalProjectionOp::InferShapes(ShapeContext& shapes) {
  InferInputShapes(shapes, std::size(kOutputs));
}

InputProjectionKernel::InputProjectionKernel(const OrtKernelInfo* info, const Port* inputs)
    : weights_(ReadInputWeights(info, inputs)) {}

void InputProjectionKernel::Compute(OrtKernelContext* context) const {
  const TensorView states = Input(context, 0, "states", kFloat);
  const AttentionSizes sizes = CheckStates("states", states.shape, 1);
  CheckSame("states", states.shape,
            {sizes.batch, sizes.length, static_cast<int64_t>(weights_.depth)});
  std::vector<float*> outs;
  for (size_t i = 0; i < weights_.matrices.size(); ++i) {
    const auto columns = static_cast<int64_t>(weights_.matrices[i].view().columns);
    outs.push_back(static_cast<float*>(Output(context, i, {sizes.batch, sizes.length, columns})));
  }
  OrtTaskRunner runner(context);
  RunProjection(weights_, states.As<float>(), nullptr, outs, Rows(sizes), ChosenKernels(), runner);
}

void OutputProjectionOp::InferShapes(ShapeContext& shapes) {
  const auto residual = shapes.Input(1);
  if (residual) shapes.SetOutput(0, *residual, kFloat);
}

OutputProjectionOp::Kernel::Kernel(const OrtKernelInfo* info) : weights_(ReadOutputWeights(info)) {}

void OutputProjectionOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView states = Input(context, 0, "context", kFloat);
  const TensorView residual = Input(context, 1, "residual", kFloat);
  const AttentionSizes sizes = CheckStates("context", states.shape, 1);
  CheckSame("context", states.shape,
            {sizes.batch, sizes.length, static_cast<int64_t>(weights_.depth)});
  const auto columns = static_cast<int64_t>(weights_.matrices[0].view().columns);
  CheckSame("residual", residual.shape, {sizes.batch, sizes.length, columns});
  auto* out = static_cast<float*>(Output(context, 0, residual.shape));
  OrtTaskRunner runner(context);
  RunProjection(weights_, states.As<float>(), residual.As<float>(), {out}, Rows(sizes),
                ChosenKernels(), runner);
}

}  // namespace twinstream

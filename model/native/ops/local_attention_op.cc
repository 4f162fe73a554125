#include "ops/local_attention_op.h"

#include "cpu/local_attention.h"
#include "ops/read_attributes.h"

namespace twinstream {

// One op's function serves the ops of all types and providers, so the type is that of the input.
void LocalAttentionOp::InferShapes(ShapeContext& shapes) {
  const auto states = shapes.States(0, 3);
  if (states) shapes.SetOutput(0, *states, shapes.Type(0));
}

LocalAttentionOp::Kernel::Kernel(const OrtKernelInfo* info)
    : attributes_(ReadAttentionAttributes(info)) {}

void LocalAttentionOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView query = Input(context, 0, "query", kFloat);
  const TensorView key = Input(context, 1, "key", kFloat);
  const TensorView value = Input(context, 2, "value", kFloat);
  const TensorView mask = Input(context, 3, "mask", kInt64);

  LocalTensors tensors;
  tensors.sizes = CheckStates("query", query.shape, attributes_.num_heads);
  CheckSame("key", key.shape, query.shape);
  CheckSame("value", value.shape, query.shape);
  CheckSame("mask", mask.shape, {tensors.sizes.batch, tensors.sizes.length});

  tensors.query = query.As<float>();
  tensors.key = key.As<float>();
  tensors.value = value.As<float>();
  tensors.mask = mask.As<int64_t>();
  tensors.context = static_cast<float*>(Output(context, 0, query.shape));
  if (tensors.sizes.batch == 0 || tensors.sizes.length == 0) return;
  OrtTaskRunner runner(context);
  LocalAttention(attributes_, tensors, ChosenKernels(), runner);
}

}  // namespace twinstream

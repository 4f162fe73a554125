#include "ops/lsh_attention_op.h"

#include "cpu/lsh_attention.h"
#include "ops/read_attributes.h"

namespace twinstream {

// One op's function serves the ops of all types and providers, so the type is that of the input.
void LshAttentionOp::InferShapes(ShapeContext& shapes) {
  const auto states = shapes.States(0, 2);
  if (!states) return;
  shapes.SetOutput(0, *states, shapes.Type(0));
  // Not the optional buckets: the API does not tell whether the node has them, and ONNX Runtime
  // writes past its list of outputs when asked to set one that is not there.
}

LshAttentionOp::Kernel::Kernel(const OrtKernelInfo* info, int64_t rounds)
    : attributes_(ReadLshAttributes(info, rounds)) {}

void LshAttentionOp::Kernel::Compute(OrtKernelContext* context) const {
  const TensorView query_key = Input(context, 0, "query_key", kFloat);
  const TensorView value = Input(context, 1, "value", kFloat);
  const TensorView mask = Input(context, 2, "mask", kInt64);
  const TensorView rotations = Input(context, 3, "rotations", kFloat);
  const TensorView forced = OptionalInput(context, 4, "forced_buckets", kInt32);

  LshTensors tensors;
  tensors.sizes = CheckStates("query_key", query_key.shape, attributes_.num_heads);
  const int64_t batch = tensors.sizes.batch;
  const int64_t length = tensors.sizes.length;
  const Shape bucket_shape = {batch, attributes_.num_heads, attributes_.num_hashes, length};
  CheckSame("value", value.shape, query_key.shape);
  CheckSame("mask", mask.shape, {batch, length});
  CheckRotations(rotations.shape, attributes_, tensors.sizes);
  if (forced.present) CheckSame("forced_buckets", forced.shape, bucket_shape);

  tensors.query_key = query_key.As<float>();
  tensors.value = value.As<float>();
  tensors.mask = mask.As<int64_t>();
  tensors.rotations = rotations.As<float>();
  tensors.rotation_shape = rotations.shape;
  tensors.forced_buckets = forced.As<int32_t>();
  tensors.context = static_cast<float*>(Output(context, 0, query_key.shape));
  tensors.buckets = static_cast<int32_t*>(Output(context, 1, bucket_shape));
  if (batch == 0 || length == 0) return;
  OrtTaskRunner runner(context);
  LshAttention(attributes_, tensors, ChosenKernels(), runner);
}

}  // namespace twinstream

// LSHSelfAttention for the CUDA execution provider: inputs, outputs and attributes as in
// ops/lsh_attention_op.h, but query_key, value and context may be float16 or bfloat16 (rotations
// stay float32), the head size is 32, 64 or 128, what mask and forced_buckets hold is not checked
// (see cuda/attention.h), and within_bucket, count_keys_once and full_attention_below are refused.
#ifndef TWINSTREAM_CUDA_OPS_LSH_ATTENTION_OP_H_
#define TWINSTREAM_CUDA_OPS_LSH_ATTENTION_OP_H_

#include "cuda/attention.h"
#include "cuda/ops/cuda_op.h"
#include "cuda/row_shape.h"
#include "ops/lsh_attention_op.h"
#include "ops/read_attributes.h"

namespace twinstream::cuda {

template <typename T>
struct CudaLshAttentionOp {
  static constexpr const char* kName = LshAttentionOp::kName;
  static constexpr Port kInputs[] = {{"query_key", kElement<T>, false},
                                     {"value", kElement<T>, false},
                                     {"mask", kInt64, false},
                                     {"rotations", kFloat, false},
                                     {"forced_buckets", kInt32, true}};
  static constexpr Port kOutputs[] = {{"context", kElement<T>, false}, {"buckets", kInt32, true}};
  static constexpr int kHostInput = -1;

  static void InferShapes(ShapeContext& shapes) { LshAttentionOp::InferShapes(shapes); }

  class Kernel {
   public:
    Kernel(const OrtKernelInfo* info, int64_t rounds)
        : attributes_(ReadLshAttributes(info, rounds)) {
      CheckOptions(attributes_);
      CheckGpu();
    }

    void Compute(OrtKernelContext* context) const {
      const TensorView query_key = Input(context, 0, "query_key", kElement<T>);
      const TensorView value = Input(context, 1, "value", kElement<T>);
      const TensorView mask = Input(context, 2, "mask", kInt64);
      const TensorView rotations = Input(context, 3, "rotations", kFloat);
      const TensorView forced = OptionalInput(context, 4, "forced_buckets", kInt32);

      LshTensors<T> tensors{};
      tensors.sizes = CheckStates("query_key", query_key.shape, attributes_.num_heads);
      const Shape bucket_shape = {tensors.sizes.batch, attributes_.num_heads,
                                  attributes_.num_hashes, tensors.sizes.length};
      CheckSame("value", value.shape, query_key.shape);
      CheckSame("mask", mask.shape, {tensors.sizes.batch, tensors.sizes.length});
      CheckRotations(rotations.shape, attributes_, tensors.sizes);
      if (forced.present) CheckSame("forced_buckets", forced.shape, bucket_shape);

      tensors.query_key = query_key.As<T>();
      tensors.value = value.As<T>();
      tensors.mask = mask.As<int64_t>();
      tensors.rotations = rotations.As<float>();
      tensors.rotation_shape = rotations.shape;
      tensors.forced_buckets = forced.As<int32_t>();
      tensors.context = static_cast<T*>(Output(context, 0, query_key.shape));
      tensors.buckets = static_cast<int32_t*>(Output(context, 1, bucket_shape));
      Device device(StreamOf(context));
      LshAttention(attributes_, tensors, device);
    }

   private:
    const LshAttributes attributes_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info, rounds);
  }

  // As in LshAttentionOp.
  int64_t rounds = 0;
};

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_OPS_LSH_ATTENTION_OP_H_

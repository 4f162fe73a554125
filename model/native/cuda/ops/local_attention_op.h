// LocalSelfAttention for the CUDA execution provider: inputs, output and attributes as in
// ops/local_attention_op.h, but the states may be float16 or bfloat16, the head size is 32, 64 or
// 128, and what mask holds is not checked (see cuda/attention.h).
#ifndef TWINSTREAM_CUDA_OPS_LOCAL_ATTENTION_OP_H_
#define TWINSTREAM_CUDA_OPS_LOCAL_ATTENTION_OP_H_

#include "cuda/attention.h"
#include "cuda/ops/cuda_op.h"
#include "ops/local_attention_op.h"
#include "ops/read_attributes.h"

namespace twinstream::cuda {

template <typename T>
struct CudaLocalAttentionOp {
  static constexpr const char* kName = LocalAttentionOp::kName;
  static constexpr Port kInputs[] = {{"query", kElement<T>, false},
                                     {"key", kElement<T>, false},
                                     {"value", kElement<T>, false},
                                     {"mask", kInt64, false}};
  static constexpr Port kOutputs[] = {{"context", kElement<T>, false}};
  static constexpr int kHostInput = -1;

  static void InferShapes(ShapeContext& shapes) { LocalAttentionOp::InferShapes(shapes); }

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info) : attributes_(ReadAttentionAttributes(info)) {
      CheckGpu();
    }

    void Compute(OrtKernelContext* context) const {
      const TensorView query = Input(context, 0, "query", kElement<T>);
      const TensorView key = Input(context, 1, "key", kElement<T>);
      const TensorView value = Input(context, 2, "value", kElement<T>);
      const TensorView mask = Input(context, 3, "mask", kInt64);

      LocalTensors<T> tensors{};
      tensors.sizes = CheckStates("query", query.shape, attributes_.num_heads);
      CheckSame("key", key.shape, query.shape);
      CheckSame("value", value.shape, query.shape);
      CheckSame("mask", mask.shape, {tensors.sizes.batch, tensors.sizes.length});

      tensors.query = query.As<T>();
      tensors.key = key.As<T>();
      tensors.value = value.As<T>();
      tensors.mask = mask.As<int64_t>();
      tensors.context = static_cast<T*>(Output(context, 0, query.shape));
      Device device(StreamOf(context));
      LocalAttention(attributes_, tensors, device);
    }

   private:
    const AttentionAttributes attributes_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_OPS_LOCAL_ATTENTION_OP_H_

// SegmentPool for the CUDA execution provider: inputs, outputs and attribute as in
// ops/segment_pool_op.h, but the states may be float16 or bfloat16, and weights are not checked.
// segment_ids are asked for in the host's memory: the size of the output depends on them, and to
// read them back from the GPU would be to wait for it. As an input of the graph they are there.
#ifndef TWINSTREAM_CUDA_OPS_SEGMENT_POOL_OP_H_
#define TWINSTREAM_CUDA_OPS_SEGMENT_POOL_OP_H_

#include "cuda/ops/cuda_op.h"
#include "cuda/segment_pool.h"
#include "cuda/segment_tasks.h"
#include "ops/pool_inputs.h"
#include "ops/segment_pool_op.h"

namespace twinstream::cuda {

template <typename T>
struct CudaSegmentPoolOp {
  static constexpr const char* kName = SegmentPoolOp::kName;
  static constexpr Port kInputs[] = {{"states", kElement<T>, false},
                                     {"weights", kFloat, false},
                                     {"segment_ids", kInt64, false},
                                     {"projection", kFloat, true}};
  static constexpr Port kOutputs[] = {{"document", kFloat, false}, {"segments", kFloat, true}};
  static constexpr int kHostInput = 2;

  static void InferShapes(ShapeContext& shapes) { InferPoolShapes(shapes); }

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info) : normalise_(ReadNormalise(info)) { CheckGpu(); }

    void Compute(OrtKernelContext* context) const {
      const TensorView states = Input(context, 0, "states", kElement<T>);
      const TensorView weights = Input(context, 1, "weights", kFloat);
      const TensorView segment_ids = Input(context, 2, "segment_ids", kInt64);
      const TensorView projection = OptionalInput(context, 3, "projection", kFloat);
      const PoolSizes sizes = CheckPoolShapes(states, weights, segment_ids, projection);

      const auto* ids = segment_ids.As<int64_t>();
      const int64_t segments = CountSegments(ids, sizes.batch, sizes.length);
      const PoolTensors<T> tensors{sizes.batch,       sizes.length,
                                   sizes.width,       sizes.output_size,
                                   states.As<T>(),    weights.As<float>(),
                                   ids,               projection.As<float>(),
                                   normalise_};
      auto* document = static_cast<float*>(Output(context, 0, {sizes.batch, sizes.output_size}));
      auto* by_segment =
          static_cast<float*>(Output(context, 1, {sizes.batch, segments, sizes.output_size}));
      Device device(StreamOf(context));
      PoolSegments(tensors, segments, document, by_segment, device);
    }

   private:
    const bool normalise_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_OPS_SEGMENT_POOL_OP_H_

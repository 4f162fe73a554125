// What the ops for the CUDA execution provider share: one op a type of states, each registered
// under the name that the CPU's op has.
#ifndef TWINSTREAM_CUDA_OPS_CUDA_OP_H_
#define TWINSTREAM_CUDA_OPS_CUDA_OP_H_

#include "cuda/device.h"
#include "ops/custom_op.h"

namespace twinstream::cuda {

template <typename T>
constexpr ONNXTensorElementDataType kElement = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
template <>
constexpr ONNXTensorElementDataType kElement<float> = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
template <>
constexpr ONNXTensorElementDataType kElement<__half> = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
template <>
constexpr ONNXTensorElementDataType kElement<__nv_bfloat16> =
    ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16;

// An op as of custom_op.h, and kHostInput: an input that is wanted in the host's memory, or -1.
template <typename Op>
struct CudaOp : CustomOp<Op> {
  explicit CudaOp(const Op& op = Op()) : CustomOp<Op>(op) {
    this->GetExecutionProviderType = [](const OrtCustomOp*) { return "CUDAExecutionProvider"; };
    this->GetInputMemoryType = [](const OrtCustomOp*, size_t input) {
      return static_cast<int>(input) == Op::kHostInput ? OrtMemTypeCPUInput : OrtMemTypeDefault;
    };
  }
};

// The stream that ONNX Runtime runs the node on.
inline cudaStream_t StreamOf(const OrtKernelContext* context) {
  void* stream = nullptr;
  Check(ort->KernelContext_GetGPUComputeStream(context, &stream));
  return static_cast<cudaStream_t>(stream);
}

// Refuses when the session is made, not when it first runs: with a driver older than the CUDA
// runtime in this library, no kernel can be launched.
inline void CheckGpu() {
  int count = 0;
  Device::Check(cudaGetDeviceCount(&count), "device");
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_OPS_CUDA_OP_H_

// What ONNX Runtime's OrtCustomOp table needs, filled from a few members of each op.
//
// An op `Op` gives: kName, kInputs and kOutputs (Port lists), InferShapes(ShapeContext&),
// MakeKernel(const OrtKernelInfo*) and a Kernel with Compute(OrtKernelContext*). All of these may
// throw. Its members are what the session sets.
#ifndef TWINSTREAM_OPS_CUSTOM_OP_H_
#define TWINSTREAM_OPS_CUSTOM_OP_H_

#include <cstddef>
#include <iterator>
#include <memory>

#include "ops/ort_api.h"
#include "ops/shape_context.h"

namespace twinstream {

struct Port {
  const char* name;
  ONNXTensorElementDataType type;
  bool optional;
};

template <typename Op>
struct CustomOp : OrtCustomOp {
  explicit CustomOp(const Op& op = Op()) : OrtCustomOp{}, op_(op) {
    version = kApiVersion;
    GetName = [](const OrtCustomOp*) { return Op::kName; };
    GetExecutionProviderType = [](const OrtCustomOp*) -> const char* { return nullptr; };  // CPU
    GetInputTypeCount = [](const OrtCustomOp*) { return std::size(Op::kInputs); };
    GetInputType = [](const OrtCustomOp*, size_t i) { return Op::kInputs[i].type; };
    GetInputCharacteristic = [](const OrtCustomOp*, size_t i) { return Kind(Op::kInputs[i]); };
    GetInputMemoryType = [](const OrtCustomOp*, size_t) { return OrtMemTypeDefault; };
    GetOutputTypeCount = [](const OrtCustomOp*) { return std::size(Op::kOutputs); };
    GetOutputType = [](const OrtCustomOp*, size_t i) { return Op::kOutputs[i].type; };
    GetOutputCharacteristic = [](const OrtCustomOp*, size_t i) { return Kind(Op::kOutputs[i]); };
    GetVariadicInputMinArity = [](const OrtCustomOp*) { return 1; };
    GetVariadicInputHomogeneity = [](const OrtCustomOp*) { return 1; };
    GetVariadicOutputMinArity = [](const OrtCustomOp*) { return 1; };
    GetVariadicOutputHomogeneity = [](const OrtCustomOp*) { return 1; };
    GetStartVersion = [](const OrtCustomOp*) { return 1; };
    GetEndVersion = [](const OrtCustomOp*) { return 1; };
    CreateKernelV2 = [](const OrtCustomOp* self, const OrtApi*, const OrtKernelInfo* info,
                        void** kernel) -> OrtStatusPtr {
      return Guard(Op::kName, [&] {
        *kernel = static_cast<const CustomOp*>(self)->op_.MakeKernel(info).release();
      });
    };
    KernelComputeV2 = [](void* kernel, OrtKernelContext* context) -> OrtStatusPtr {
      return Guard(Op::kName,
                   [&] { static_cast<typename Op::Kernel*>(kernel)->Compute(context); });
    };
    KernelDestroy = [](void* kernel) { delete static_cast<typename Op::Kernel*>(kernel); };
    InferOutputShapeFn = [](const OrtCustomOp*, OrtShapeInferContext* context) -> OrtStatusPtr {
      return Guard(Op::kName, [&] {
        ShapeContext shapes(context);
        Op::InferShapes(shapes);
      });
    };
  }

 private:
  const Op op_;

  static OrtCustomOpInputOutputCharacteristic Kind(const Port& port) {
    return port.optional ? INPUT_OUTPUT_OPTIONAL : INPUT_OUTPUT_REQUIRED;
  }
};

constexpr auto kFloat = ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
constexpr auto kInt32 = ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
constexpr auto kInt64 = ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_CUSTOM_OP_H_

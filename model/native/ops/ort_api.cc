#include "ops/ort_api.h"

namespace twinstream {

const OrtApi* ort = nullptr;

void Check(OrtStatus* status) {
  if (status == nullptr) return;
  const std::string message = ort->GetErrorMessage(status);
  ort->ReleaseStatus(status);
  throw std::runtime_error(message);
}

namespace {

// The API has one code for an absent attribute and for one of another type; only the text differs.
bool Absent(OrtStatus* status) {
  const std::string message = ort->GetErrorMessage(status);
  return message.find("No attribute") != std::string::npos;
}

bool Found(OrtStatus* status, const char* name, const char* wanted) {
  if (status == nullptr) return true;
  const bool absent = Absent(status);
  const std::string message = ort->GetErrorMessage(status);
  ort->ReleaseStatus(status);
  if (!absent) Reject(std::string("attribute ") + name, "not readable (" + message + ")", wanted);
  return false;
}

const char* TypeName(ONNXTensorElementDataType type) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT: return "float";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32: return "int32";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64: return "int64";
    default: return "another element type";
  }
}

}  // namespace

int64_t ReadInt(const OrtKernelInfo* info, const char* name, int64_t fallback) {
  int64_t value = 0;
  return Found(ort->KernelInfoGetAttribute_int64(info, name, &value), name, "an integer")
             ? value
             : fallback;
}

int64_t ReadRequiredInt(const OrtKernelInfo* info, const char* name) {
  int64_t value = 0;
  if (!Found(ort->KernelInfoGetAttribute_int64(info, name, &value), name, "an integer")) {
    Reject(std::string("attribute ") + name, "absent", "an integer");
  }
  return value;
}

float ReadRequiredFloat(const OrtKernelInfo* info, const char* name) {
  float value = 0;
  if (!Found(ort->KernelInfoGetAttribute_float(info, name, &value), name, "a number")) {
    Reject(std::string("attribute ") + name, "absent", "a number");
  }
  return value;
}

std::vector<int64_t> ReadInts(const OrtKernelInfo* info, const char* name) {
  size_t size = 0;
  OrtStatus* status = ort->KernelInfoGetAttributeArray_int64(info, name, nullptr, &size);
  if (!Found(status, name, "a list of integers") || size == 0) return {};
  std::vector<int64_t> values(size);
  Check(ort->KernelInfoGetAttributeArray_int64(info, name, values.data(), &size));
  return values;
}

namespace {

struct Typed {
  TensorView view;
  ONNXTensorElementDataType type;
};

Typed ViewOf(const OrtValue* value) {
  Typed found{{}, ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED};
  TensorView& view = found.view;
  view.present = true;
  OrtTensorTypeAndShapeInfo* info = nullptr;
  Check(ort->GetTensorTypeAndShape(value, &info));
  size_t rank = 0;
  OrtStatus* status = ort->GetTensorElementType(info, &found.type);
  if (status == nullptr) status = ort->GetDimensionsCount(info, &rank);
  view.shape.resize(rank);
  if (status == nullptr) status = ort->GetDimensions(info, view.shape.data(), rank);
  ort->ReleaseTensorTypeAndShapeInfo(info);
  Check(status);
  void* data = nullptr;
  // The API has no const accessor; inputs are only read.
  Check(ort->GetTensorMutableData(const_cast<OrtValue*>(value), &data));
  view.data = data;
  return found;
}

}  // namespace

TensorView OptionalInput(OrtKernelContext* context, size_t index, const char* name,
                         ONNXTensorElementDataType type) {
  size_t count = 0;
  Check(ort->KernelContext_GetInputCount(context, &count));
  if (index >= count) return {};
  const OrtValue* value = nullptr;
  Check(ort->KernelContext_GetInput(context, index, &value));
  if (value == nullptr) return {};
  const Typed found = ViewOf(value);
  if (found.type != type) {
    Reject(std::string("the type of ") + name, TypeName(found.type), TypeName(type));
  }
  return found.view;
}

size_t InputCount(const OrtKernelInfo* info) {
  size_t count = 0;
  Check(ort->KernelInfo_GetInputCount(info, &count));
  return count;
}

TensorView ConstantInput(const OrtKernelInfo* info, size_t index) {
  int constant = 0;
  const OrtValue* value = nullptr;
  Check(ort->KernelInfoGetConstantInput_tensor(info, index, &constant, &value));
  if (constant == 0 || value == nullptr) return {};
  return ViewOf(value).view;
}

std::optional<std::string> SessionEntry(const OrtSessionOptions* options, const char* key) {
  int found = 0;
  Check(ort->HasSessionConfigEntry(options, key, &found));
  if (found == 0) return std::nullopt;
  size_t size = 0;  // with the terminating zero
  Check(ort->GetSessionConfigEntry(options, key, nullptr, &size));
  std::string value(size, '\0');
  Check(ort->GetSessionConfigEntry(options, key, value.data(), &size));
  value.resize(size - 1);
  return value;
}

TensorView Input(OrtKernelContext* context, size_t index, const char* name,
                 ONNXTensorElementDataType type) {
  TensorView view = OptionalInput(context, index, name, type);
  if (!view.present) Reject(std::string("input ") + name, "absent", "present");
  return view;
}

void* Output(OrtKernelContext* context, size_t index, const Shape& shape) {
  size_t count = 0;
  Check(ort->KernelContext_GetOutputCount(context, &count));
  if (index >= count) return nullptr;
  OrtValue* value = nullptr;
  Check(ort->KernelContext_GetOutput(context, index, shape.data(), shape.size(), &value));
  if (value == nullptr) return nullptr;
  void* data = nullptr;
  Check(ort->GetTensorMutableData(value, &data));
  return data;
}

}  // namespace twinstream

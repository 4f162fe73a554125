#include "ops/shape_context.h"

namespace twinstream {

std::optional<std::vector<Dimension>> ShapeContext::Input(size_t index) const {
  size_t count = 0;
  Check(ort->ShapeInferContext_GetInputCount(context_, &count));
  if (index >= count) return std::nullopt;
  OrtTensorTypeAndShapeInfo* info = nullptr;  // stays the context's
  Check(ort->ShapeInferContext_GetInputTypeShape(context_, index, &info));
  size_t rank = 0;
  Check(ort->GetDimensionsCount(info, &rank));
  if (rank == 0) return std::nullopt;
  std::vector<int64_t> values(rank);
  std::vector<const char*> names(rank, nullptr);
  Check(ort->GetDimensions(info, values.data(), rank));
  Check(ort->GetSymbolicDimensions(info, names.data(), rank));
  std::vector<Dimension> shape(rank);
  for (size_t i = 0; i < rank; ++i) {
    shape[i].value = values[i];
    if (names[i] != nullptr) shape[i].name = names[i];
  }
  return shape;
}

std::optional<std::vector<Dimension>> ShapeContext::States(size_t states, size_t mask) const {
  auto shape = Input(states);
  if (!shape || shape->size() != 3) return std::nullopt;
  const auto rows = Input(mask);
  for (size_t i = 0; rows && rows->size() == 2 && i < 2; ++i) {
    if (!(*shape)[i].known()) (*shape)[i] = (*rows)[i];
  }
  return shape;
}

ONNXTensorElementDataType ShapeContext::Type(size_t index) const {
  OrtTensorTypeAndShapeInfo* info = nullptr;  // stays the context's
  Check(ort->ShapeInferContext_GetInputTypeShape(context_, index, &info));
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  Check(ort->GetTensorElementType(info, &type));
  return type;
}

void ShapeContext::SetOutput(size_t index, const std::vector<Dimension>& shape,
                             ONNXTensorElementDataType type) const {
  std::vector<int64_t> values;
  std::vector<const char*> names;
  for (const Dimension& dimension : shape) {
    if (!dimension.known()) return;
    values.push_back(dimension.value);
    names.push_back(dimension.name.c_str());
  }
  OrtTensorTypeAndShapeInfo* info = nullptr;
  Check(ort->CreateTensorTypeAndShapeInfo(&info));
  OrtStatus* status = ort->SetTensorElementType(info, type);
  if (status == nullptr) status = ort->SetDimensions(info, values.data(), values.size());
  if (status == nullptr) status = ort->SetSymbolicDimensions(info, names.data(), names.size());
  if (status == nullptr) status = ort->ShapeInferContext_SetOutputTypeShape(context_, index, info);
  ort->ReleaseTensorTypeAndShapeInfo(info);
  Check(status);
}

}  // namespace twinstream

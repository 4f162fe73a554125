#include "ops/constant_inputs.h"

#include <algorithm>

#include "ops/check_shapes.h"

namespace twinstream {

TensorView Constant(const OrtKernelInfo* info, size_t index, const char* name,
                    const Shape& wanted) {
  const TensorView view = ConstantInput(info, index);
  if (!view.present) Reject(std::string("input ") + name, "computed", "a constant of the graph");
  Shape shape = wanted;
  for (size_t i = 0; i < std::min(shape.size(), view.shape.size()); ++i) {
    if (shape[i] < 0) shape[i] = view.shape[i];
  }
  CheckSame(name, view.shape, shape);
  return view;
}

AlignedBuffer ConstantVector(const OrtKernelInfo* info, size_t index, const char* name,
                             int64_t size) {
  AlignedBuffer copy(static_cast<size_t>(size));
  std::copy_n(Constant(info, index, name, {size}).As<float>(), size, copy.data());
  return copy;
}

PackedMatrix ConstantMatrix(const OrtKernelInfo* info, size_t index, const char* name,
                            const Shape& wanted, bool eight_bit) {
  const TensorView view = Constant(info, index, name, wanted);
  for (const int64_t size : view.shape) {
    if (size < 1 || size % static_cast<int64_t>(kPanelColumns) != 0) {
      Reject(std::string("a size of ") + name, size,
             "a positive multiple of " + std::to_string(kPanelColumns));
    }
  }
  return PackedMatrix(view.As<float>(), static_cast<size_t>(view.shape[0]),
                      static_cast<size_t>(view.shape[1]), eight_bit);
}

bool ReadEightBit(const OrtKernelInfo* info) {
  const int64_t bits = ReadInt(info, "weight_bits", 32);
  if (bits != 8 && bits != 32) Reject("weight_bits", bits, "8 or 32");
  return bits == 8;
}

}  // namespace twinstream

// Constants of the graph that an op takes once, when its kernel is made.
#ifndef TWINSTREAM_OPS_CONSTANT_INPUTS_H_
#define TWINSTREAM_OPS_CONSTANT_INPUTS_H_

#include "cpu/dense.h"
#include "ops/ort_api.h"

namespace twinstream {

// All throw InvalidInput where an input is computed, or is of another shape than the wanted one (-1:
// any size).
TensorView Constant(const OrtKernelInfo* info, size_t index, const char* name, const Shape& wanted);

AlignedBuffer ConstantVector(const OrtKernelInfo* info, size_t index, const char* name,
                             int64_t size);

// [depth, columns], which must both be positive multiples of kPanelColumns.
PackedMatrix ConstantMatrix(const OrtKernelInfo* info, size_t index, const char* name,
                            const Shape& wanted, bool eight_bit);

// Attribute weight_bits: 32, products of floats, where it is absent; or 8.
bool ReadEightBit(const OrtKernelInfo* info);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_CONSTANT_INPUTS_H_

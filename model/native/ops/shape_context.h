// Shapes while a graph is loaded: each dimension a number, a name, or unknown.
#ifndef TWINSTREAM_OPS_SHAPE_CONTEXT_H_
#define TWINSTREAM_OPS_SHAPE_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/ort_api.h"

namespace twinstream {

struct Dimension {
  int64_t value = -1;  // -1: unknown, or known by its name only
  std::string name;

  bool known() const { return value >= 0 || !name.empty(); }
};

class ShapeContext {
 public:
  explicit ShapeContext(OrtShapeInferContext* context) : context_(context) {}

  // Nothing where the input is absent or its rank unknown. (The API shows an unknown rank as 0.)
  std::optional<std::vector<Dimension>> Input(size_t index) const;
  // Three dimensions; where the batch or length of the states is unknown, those of the mask [B, L].
  std::optional<std::vector<Dimension>> States(size_t states, size_t mask) const;
  // The element type of an input that is present.
  ONNXTensorElementDataType Type(size_t index) const;
  // Does nothing where a dimension is unknown: the API would take its -1 for a size.
  void SetOutput(size_t index, const std::vector<Dimension>& shape,
                 ONNXTensorElementDataType type) const;

 private:
  OrtShapeInferContext* context_;
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_SHAPE_CONTEXT_H_

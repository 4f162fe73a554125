#include "ops/check_shapes.h"

#include <limits>

namespace twinstream {

AttentionSizes CheckStates(const char* name, const Shape& shape, int64_t num_heads) {
  const std::string what = std::string("the shape of ") + name;
  if (shape.size() != 3) Reject(what, shape, "three dimensions, [batch, length, hidden]");
  AttentionSizes sizes{shape[0], shape[1], shape[2], 0};
  if (sizes.hidden <= 0 || sizes.hidden % num_heads != 0) {
    Reject("the last dimension of " + std::string(name), sizes.hidden,
           "a positive multiple of num_heads, " + std::to_string(num_heads));
  }
  if (sizes.length > std::numeric_limits<int32_t>::max() / 2) {
    Reject("the length of " + std::string(name), sizes.length,
           "at most " + std::to_string(std::numeric_limits<int32_t>::max() / 2));
  }
  sizes.head_size = sizes.hidden / num_heads;
  return sizes;
}

void CheckSame(const char* name, const Shape& found, const Shape& wanted) {
  if (found != wanted) Reject(std::string("the shape of ") + name, found, wanted);
}

void CheckRounds(const Shape& shape, const LshAttributes& attributes) {
  if (!shape.empty() && shape[0] < attributes.num_hashes) {
    Reject("the number of rounds of rotations", shape[0],
           "at least num_hashes, " + std::to_string(attributes.num_hashes) +
               ": ask for fewer rounds, or export the model with more");
  }
}

void CheckRotations(const Shape& shape, const LshAttributes& attributes,
                    const AttentionSizes& sizes) {
  if (shape.size() != 5) {
    Reject("the shape of rotations", shape,
           "five dimensions, [rounds, heads, factors, columns, head size]");
  }
  CheckRounds(shape, attributes);
  if (shape[1] != attributes.num_heads) {
    Reject("the number of heads of rotations", shape[1], attributes.num_heads);
  }
  if (shape[4] != sizes.head_size) {
    Reject("the head size of rotations", shape[4], sizes.head_size);
  }
}

}  // namespace twinstream

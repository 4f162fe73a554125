// Shapes of the ops' inputs, checked against each other. All throw InvalidInput.
#ifndef TWINSTREAM_OPS_CHECK_SHAPES_H_
#define TWINSTREAM_OPS_CHECK_SHAPES_H_

#include "ops/attributes.h"
#include "ops/invalid_input.h"

namespace twinstream {

struct AttentionSizes {
  int64_t batch = 0;
  int64_t length = 0;
  int64_t hidden = 0;     // num_heads * head_size
  int64_t head_size = 0;
};

// The first input of an attention op: [B, L, H*D].
AttentionSizes CheckStates(const char* name, const Shape& shape, int64_t num_heads);

void CheckSame(const char* name, const Shape& found, const Shape& wanted);

// The first dimension of rotations alone.
void CheckRounds(const Shape& shape, const LshAttributes& attributes);

// rotations: [R >= num_hashes, H, F, C, D]; F and C are checked against a row's own buckets.
void CheckRotations(const Shape& shape, const LshAttributes& attributes,
                    const AttentionSizes& sizes);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_CHECK_SHAPES_H_

// The attention ops once more, as plainly as can be, from model/README.md and the reference's
// behaviour. Shares no code with the kernels: windows are built by slicing lists, attention is in
// float64 over every slot of the window, one query at a time.
#ifndef TWINSTREAM_TESTS_REFERENCE_H_
#define TWINSTREAM_TESTS_REFERENCE_H_

#include <cstdint>
#include <vector>

#include "ops/attributes.h"

namespace twinstream {

struct Batch {
  int64_t rows = 0;
  int64_t length = 0;
  int64_t heads = 0;
  int64_t head_size = 0;
  std::vector<float> query;  // query_key in LSH
  std::vector<float> key;
  std::vector<float> value;
  std::vector<int64_t> mask;
};

struct Rotations {
  std::vector<int64_t> shape;  // [R, H, F, C, D]
  std::vector<float> values;
};

struct Attended {
  std::vector<float> context;
  std::vector<int32_t> buckets;
};

Attended ReferenceLsh(const LshAttributes& attributes, const Batch& batch,
                      const Rotations& rotations);
Attended ReferenceLocal(const AttentionAttributes& attributes, const Batch& batch);

}  // namespace twinstream

#endif  // TWINSTREAM_TESTS_REFERENCE_H_

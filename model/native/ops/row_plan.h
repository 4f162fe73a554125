// How long a row is, and how it is hashed: the rules of model/README.md, "Length of a row" and
// "Automatic buckets" (Reformer, section 2; the padding rule is the reference implementation's).
#ifndef TWINSTREAM_OPS_ROW_PLAN_H_
#define TWINSTREAM_OPS_ROW_PLAN_H_

#include <cstdint>
#include <vector>

#include "ops/attributes.h"

namespace twinstream {

struct RowPlan {
  int64_t length = 0;   // n before padding
  int64_t padded = 0;   // n after padding; positions from `length` on are virtual and masked
  bool chunked = false;  // false: attended in full, in one chunk, without hashing
  std::vector<int32_t> members;  // the unmasked positions, ascending
};

struct BucketPlan {
  std::vector<int32_t> factors;
  int32_t count = 0;  // their product; also the bucket of masked positions
};

// Throws InvalidInput where the mask holds anything but 0 and 1.
RowPlan PlanRow(const AttentionAttributes& attributes, const int64_t* mask, int64_t length,
                int64_t row);

BucketPlan PlanBuckets(const LshAttributes& attributes, int64_t padded);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_ROW_PLAN_H_

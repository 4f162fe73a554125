#include "ops/row_plan.h"

#include <algorithm>

#include "ops/invalid_input.h"

namespace twinstream {

RowPlan PlanRow(const AttentionAttributes& attributes, const int64_t* mask, int64_t length,
                int64_t row) {
  RowPlan plan;
  for (int64_t position = 0; position < length; ++position) {
    if (mask[position] == 1) {
      plan.members.push_back(static_cast<int32_t>(position));
    } else if (mask[position] != 0) {
      Reject("mask[" + std::to_string(row) + ", " + std::to_string(position) + "]", mask[position],
             "0 or 1");
    }
  }
  plan.length = length;
  if (attributes.batch_invariant != 0) {
    plan.length = plan.members.empty() ? 0 : plan.members.back() + 1;
  }
  plan.padded = plan.length;
  if (plan.length > attributes.min_chunk_length) {
    const int64_t multiple = attributes.pad_multiple;
    plan.padded = (plan.length + multiple - 1) / multiple * multiple;
  }
  plan.chunked =
      plan.padded > std::max(attributes.chunk_length, attributes.full_attention_below);
  return plan;
}

BucketPlan PlanBuckets(const LshAttributes& attributes, int64_t padded) {
  BucketPlan plan;
  if (attributes.num_buckets.empty()) {
    int power = 0;
    for (int64_t rest = 2 * (padded / attributes.chunk_length); rest > 1; rest /= 2) ++power;
    if (power < 31 && (int64_t{1} << power) <= attributes.bucket_limit) {
      plan.factors = {static_cast<int32_t>(1) << power};
    } else {
      // 62 bits at most: both halves fit, their product is checked by the caller's rotations.
      plan.factors = {static_cast<int32_t>(1) << (power / 2),
                      static_cast<int32_t>(1) << (power - power / 2)};
    }
  } else {
    for (const int64_t factor : attributes.num_buckets) {
      plan.factors.push_back(static_cast<int32_t>(factor));
    }
  }
  int64_t count = 1;
  for (const int32_t factor : plan.factors) count *= factor;
  if (count > INT32_MAX - 1) {
    Reject("the automatic number of buckets for " + std::to_string(padded) + " positions", count,
           "at most " + std::to_string(INT32_MAX - 1));
  }
  plan.count = static_cast<int32_t>(count);
  return plan;
}

}  // namespace twinstream

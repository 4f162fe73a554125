#include "cpu/rotation_columns.h"

#include <algorithm>

#include "ops/invalid_input.h"

namespace twinstream {

RotationColumns::RotationColumns(const float* rotations, const std::vector<int64_t>& shape,
                                 int64_t rounds, const std::vector<BucketPlan>& plans)
    : heads_(static_cast<size_t>(shape[1])), head_size_(static_cast<size_t>(shape[4])) {
  size_t most = 0;
  for (const BucketPlan& plan : plans) {
    if (static_cast<int64_t>(plan.factors.size()) > shape[2]) {
      Reject("the number of factors of rotations", shape[2],
             "at least " + std::to_string(plan.factors.size()));
    }
    factors_ = std::max(factors_, plan.factors.size());
    for (const int32_t factor : plan.factors) {
      if (factor / 2 > shape[3]) {
        Reject("the number of columns of rotations", shape[3],
               "at least " + std::to_string(factor / 2) + ", half of " + std::to_string(factor) +
                   " buckets");
      }
      most = std::max(most, static_cast<size_t>(factor / 2));
    }
  }
  stride_ = RoundUp(most, kLineFloats);
  const size_t all = static_cast<size_t>(rounds) * heads_ * factors_ * head_size_ * stride_;
  columns_ = AlignedBuffer(all);
  std::fill_n(columns_.data(), all, 0.0f);
  const auto stored_factors = static_cast<size_t>(shape[2]);
  const auto stored_columns = static_cast<size_t>(shape[3]);
  float* to = columns_.data();
  for (size_t pair = 0; pair < static_cast<size_t>(rounds) * heads_; ++pair) {
    for (size_t factor = 0; factor < factors_; ++factor, to += head_size_ * stride_) {
      const float* from =
          rotations + (pair * stored_factors + factor) * stored_columns * head_size_;
      for (size_t column = 0; column < most; ++column) {
        for (size_t k = 0; k < head_size_; ++k) {
          to[k * stride_ + column] = from[column * head_size_ + k];
        }
      }
    }
  }
}

}  // namespace twinstream

// The rotations that a call uses, turned so that the hash reads whole vectors of columns.
#ifndef TWINSTREAM_CPU_ROTATION_COLUMNS_H_
#define TWINSTREAM_CPU_ROTATION_COLUMNS_H_

#include <cstdint>
#include <vector>

#include "cpu/aligned_buffer.h"
#include "ops/row_plan.h"

namespace twinstream {

class RotationColumns {
 public:
  // From [R, H, F, C, D] (`shape`), the rounds and the columns that `plans` reach; throws
  // InvalidInput if there are too few.
  RotationColumns(const float* rotations, const std::vector<int64_t>& shape, int64_t rounds,
                  const std::vector<BucketPlan>& plans);

  const float* At(int64_t round, int64_t head, size_t factor) const {
    const auto index = (static_cast<size_t>(round) * heads_ + static_cast<size_t>(head)) * factors_;
    return columns_.data() + (index + factor) * head_size_ * stride_;
  }
  size_t stride() const { return stride_; }

 private:
  size_t heads_;
  size_t head_size_;
  size_t factors_ = 0;
  size_t stride_ = 0;
  AlignedBuffer columns_;  // [rounds, H, factors, D, stride]
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_ROTATION_COLUMNS_H_

#include "cpu/rows.h"

#include <algorithm>

namespace twinstream {

std::vector<RowPlan> PlanRows(const AttentionAttributes& attributes, const AttentionSizes& sizes,
                              const int64_t* mask) {
  std::vector<RowPlan> rows;
  for (int64_t row = 0; row < sizes.batch; ++row) {
    rows.push_back(PlanRow(attributes, mask + row * sizes.length, sizes.length, row));
  }
  return rows;
}

void ClearMasked(const AttentionSizes& sizes, const int64_t* mask, float* context,
                 TaskRunner& runner) {
  if (sizes.length == 0) return;
  runner.Run(static_cast<size_t>(sizes.batch), [&](size_t row) {
    const int64_t first = static_cast<int64_t>(row) * sizes.length;
    for (int64_t token = first; token < first + sizes.length; ++token) {
      if (mask[token] == 0) std::fill_n(context + token * sizes.hidden, sizes.hidden, 0.0f);
    }
  });
}

std::vector<int64_t> ChunkOffsets(const RowPlan& row, int64_t chunk_length) {
  std::vector<int64_t> offsets = {0};
  const auto& members = row.members;
  for (int64_t start = chunk_length;; start += chunk_length) {
    const auto end = std::lower_bound(members.begin() + offsets.back(), members.end(), start);
    offsets.push_back(end - members.begin());
    if (start >= row.length) return offsets;
  }
}

}  // namespace twinstream

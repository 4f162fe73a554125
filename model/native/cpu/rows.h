// The rows of a batch, planned, with what both attention ops do for each.
#ifndef TWINSTREAM_CPU_ROWS_H_
#define TWINSTREAM_CPU_ROWS_H_

#include <cstdint>
#include <vector>

#include "cpu/chunk_ring.h"
#include "cpu/task_runner.h"
#include "ops/check_shapes.h"
#include "ops/row_plan.h"

namespace twinstream {

std::vector<RowPlan> PlanRows(const AttentionAttributes& attributes, const AttentionSizes& sizes,
                              const int64_t* mask);

// Attention never visits a masked position, so its output is set to zero here.
void ClearMasked(const AttentionSizes& sizes, const int64_t* mask, float* context,
                 TaskRunner& runner);

// Where each chunk starts among a row's members, for chunks in order of position.
std::vector<int64_t> ChunkOffsets(const RowPlan& row, int64_t chunk_length);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_ROWS_H_

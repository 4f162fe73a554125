#include "cpu/local_attention.h"

#include "cpu/chunk_attention.h"
#include "cpu/rows.h"

namespace twinstream {

void LocalAttention(const AttentionAttributes& attributes, const LocalTensors& tensors,
                    const SimdKernels& kernels, TaskRunner& runner) {
  const AttentionSizes& sizes = tensors.sizes;
  const std::vector<RowPlan> rows = PlanRows(attributes, sizes, tensors.mask);
  ClearMasked(sizes, tensors.mask, tensors.context, runner);

  std::vector<std::vector<int64_t>> offsets;  // by row; the rings point into it
  for (const RowPlan& row : rows) {
    offsets.push_back(row.chunked ? ChunkOffsets(row, attributes.chunk_length)
                                  : std::vector<int64_t>{0, static_cast<int64_t>(row.members.size())});
  }
  std::vector<ChunkJob> jobs;
  for (int64_t b = 0; b < sizes.batch; ++b) {
    const RowPlan& row = rows[static_cast<size_t>(b)];
    if (row.members.empty()) continue;
    const auto& starts = offsets[static_cast<size_t>(b)];
    const int64_t chunk_length = row.chunked ? attributes.chunk_length : row.length;
    const int64_t chunks = row.chunked ? row.padded / chunk_length : 1;
    const ChunkRing ring =
        ChunkRing::InOrder(row.members.data(), starts, chunks, chunk_length);
    for (int64_t h = 0; h < attributes.num_heads; ++h) {
      const int64_t at = b * sizes.length * sizes.hidden + h * sizes.head_size;
      jobs.push_back({tensors.query + at, tensors.key + at, tensors.value + at,
                      tensors.context + at, ring, row.chunked ? attributes.chunks_before : 0,
                      row.chunked ? attributes.chunks_after : 0, 0,
                      static_cast<int64_t>(starts.size()) - 1, nullptr, nullptr, true, true,
                      nullptr, nullptr, 1, sizes.length});
    }
  }
  const ChunkConfig config{static_cast<size_t>(sizes.head_size), static_cast<size_t>(sizes.hidden),
                           attributes.causal != 0, false};
  AttendChunks(config, jobs, kernels, runner);
}

}  // namespace twinstream

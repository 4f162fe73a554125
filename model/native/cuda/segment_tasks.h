// The pooling of a batch as a list of short sums. Segment ids are read on the host, where the size
// of the op's output must be known: ONNX Runtime is asked to hand them over there.
#ifndef TWINSTREAM_CUDA_SEGMENT_TASKS_H_
#define TWINSTREAM_CUDA_SEGMENT_TASKS_H_

#include <cstdint>
#include <vector>

namespace twinstream::cuda {

// Positions of a task, at most. Tasks begin at multiples of it within their segment's own list, so
// that a row's sums never depend on its neighbours or on padding.
constexpr int32_t kTaskPositions = 1024;

// One sum over a row: `positions` entries of the listed positions from `first`, or, of the
// document, the positions from `first` themselves.
struct PoolTask {
  int32_t row;
  int32_t first;
  int32_t positions;
  int32_t of_document;
};

struct SegmentTasks {
  int64_t slots = 0;  // a row: its segments, then the document
  std::vector<int32_t> listed;      // each row's positions by segment
  std::vector<PoolTask> tasks;      // slot after slot
  std::vector<int32_t> first_task;  // [B * slots + 1]
};

// S = 1 + the greatest of ids [B, L] (-1 = in none), at least 1. Throws InvalidInput for an id
// below -1 or one that no segmentation of such a length would use.
int64_t CountSegments(const int64_t* ids, int64_t batch, int64_t length);

// `segments` 0: only the documents are wanted.
SegmentTasks PlanSegmentTasks(const int64_t* ids, int64_t batch, int64_t length, int64_t segments);

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_SEGMENT_TASKS_H_

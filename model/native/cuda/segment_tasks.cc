#include "cuda/segment_tasks.h"

#include <algorithm>
#include <limits>
#include <string>

#include "ops/invalid_input.h"

namespace twinstream::cuda {
namespace {

// As on the CPU: see cpu/segment_pool.cc.
constexpr int64_t kSegmentsAlwaysAllowed = 65536;

void AddTasks(int32_t row, int32_t first, int32_t positions, bool of_document, SegmentTasks& all) {
  for (int32_t begin = 0; begin < positions; begin += kTaskPositions) {
    all.tasks.push_back({row, first + begin, std::min(positions - begin, kTaskPositions),
                         of_document ? 1 : 0});
  }
}

}  // namespace

int64_t CountSegments(const int64_t* ids, int64_t batch, int64_t length) {
  const int64_t most = std::max(length, kSegmentsAlwaysAllowed);
  int64_t greatest = 0;
  for (int64_t token = 0; token < batch * length; ++token) {
    if (ids[token] < -1 || ids[token] >= most) {
      Reject("segment_ids" + ToText(Shape{token / length, token % length}), ids[token],
             "-1 to " + std::to_string(most - 1));
    }
    greatest = std::max(greatest, ids[token]);
  }
  return greatest + 1;
}

SegmentTasks PlanSegmentTasks(const int64_t* ids, int64_t batch, int64_t length, int64_t segments) {
  SegmentTasks all;
  all.slots = segments + 1;
  if (batch * length > std::numeric_limits<int32_t>::max() ||
      batch * all.slots > std::numeric_limits<int32_t>::max()) {
    Reject("the tokens or segments of the batch", std::max(batch * length, batch * all.slots),
           "at most 2147483647");
  }
  all.listed.resize(static_cast<size_t>(segments == 0 ? 0 : batch * length));
  all.first_task.push_back(0);
  std::vector<int32_t> next(static_cast<size_t>(segments) + 1);
  int32_t end = 0;  // of what is listed so far
  for (int64_t row = 0; row < batch; ++row) {
    // A counting sort of the row's positions by segment.
    std::fill(next.begin(), next.end(), 0);
    const int64_t* own = ids + row * length;
    for (int64_t position = 0; position < length && segments > 0; ++position) {
      if (own[position] >= 0) ++next[static_cast<size_t>(own[position]) + 1];
    }
    next[0] = end;
    for (int64_t segment = 0; segment < segments; ++segment) {
      int32_t& start = next[static_cast<size_t>(segment)];
      const int32_t positions = next[static_cast<size_t>(segment) + 1];
      AddTasks(static_cast<int32_t>(row), start, positions, false, all);
      all.first_task.push_back(static_cast<int32_t>(all.tasks.size()));
      next[static_cast<size_t>(segment) + 1] = start + positions;
    }
    end = next[static_cast<size_t>(segments)];
    for (int64_t position = 0; position < length && segments > 0; ++position) {
      if (own[position] < 0) continue;
      all.listed[static_cast<size_t>(next[static_cast<size_t>(own[position])]++)] =
          static_cast<int32_t>(position);
    }
    AddTasks(static_cast<int32_t>(row), 0, static_cast<int32_t>(length), true, all);
    all.first_task.push_back(static_cast<int32_t>(all.tasks.size()));
  }
  return all;
}

}  // namespace twinstream::cuda

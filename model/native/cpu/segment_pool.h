// Pooling of token states to one encoding a document and one a segment.
//
// Sums run in position order in float64 and no sum is ever split, so that a row's result never
// depends on its neighbours or on threads.
#ifndef TWINSTREAM_CPU_SEGMENT_POOL_H_
#define TWINSTREAM_CPU_SEGMENT_POOL_H_

#include <cstdint>

#include "cpu/task_runner.h"

namespace twinstream {

struct PoolTensors {
  int64_t batch;
  int64_t length;
  int64_t width;        // E
  int64_t output_size;  // P, or E without projection
  const float* states;         // [B, L, E]
  const float* weights;        // [B, L]
  const int64_t* segment_ids;  // [B, L]
  const float* projection;     // [E, P], or null
  bool normalise;
};

// S = 1 + the greatest id, at least 1. Throws InvalidInput for a negative weight, an id below -1,
// or one that no segmentation of such a length would use.
int64_t CountSegments(const PoolTensors& tensors);

// document [B, P or E]; segments [B, S, P or E], or null.
void PoolSegments(const PoolTensors& tensors, int64_t segment_count, float* document,
                  float* segments, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_SEGMENT_POOL_H_

// Attention of chunks over their windows, for any ring: what LSH and local attention share.
#ifndef TWINSTREAM_CPU_CHUNK_ATTENTION_H_
#define TWINSTREAM_CPU_CHUNK_ATTENTION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cpu/chunk_ring.h"
#include "cpu/simd.h"
#include "cpu/task_runner.h"

namespace twinstream {

struct ChunkConfig {
  size_t head_size;
  size_t stride;  // floats from one position to the next
  bool causal;
  bool shared_key;  // LSH: normalised keys, own position at -1e5
};

// A run of chunks of one (row, head). All pointers are at position 0 of that row and head.
struct ChunkJob {
  const float* query;
  const float* key;
  const float* value;
  float* context;
  ChunkRing ring;
  int64_t chunks_before;
  int64_t chunks_after;
  int64_t first_chunk;
  int64_t chunk_count;
  float* running_max;  // see MergeArgs
  float* running_sum;
  bool first;
  bool last;
  // Of all rounds of the row and head, [rounds, length]; null where the option is off.
  const int32_t* buckets;  // keys of other buckets are left out
  const int32_t* chunks;   // keys count once: the ring's chunk in which a position stands
  int64_t rounds;
  int64_t length;
};

// Writes or merges the context of every member of the jobs' chunks. Every query's arithmetic is
// that of its own window alone, whatever the split into tasks.
void AttendChunks(const ChunkConfig& config, const std::vector<ChunkJob>& jobs,
                  const SimdKernels& kernels, TaskRunner& runner);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_CHUNK_ATTENTION_H_

// What a row's mask decides, computed where it is needed: by every thread block on the GPU, by the
// host for its bounds. The rules are those of ops/row_plan.h, without its lists, so that the GPU
// never waits for the host to have seen the mask.
#ifndef TWINSTREAM_CUDA_ROW_SHAPE_H_
#define TWINSTREAM_CUDA_ROW_SHAPE_H_

#include "cuda/device.h"
#include "ops/attributes.h"
#include "ops/check_shapes.h"

namespace twinstream::cuda {

// Factors of num_buckets; more than two have no use but parity with such a reference.
constexpr int kMostFactors = 8;

struct RowRules {
  int32_t length;  // of the batch
  int32_t chunk_length;
  int32_t chunks_before;
  int32_t chunks_after;
  int32_t min_chunk_length;
  int32_t pad_multiple;
  int32_t rounds;
  bool batch_invariant;
  bool causal;
  int32_t factor_count;  // 0 = automatic
  int32_t factors[kMostFactors];
  int64_t bucket_limit;
};

// One row's mask in short.
struct RowMask {
  int32_t last;     // 1 + the last real position
  int32_t members;  // real positions
};

struct RowShape {
  int32_t length;  // n before padding
  int64_t padded;  // and after
  bool chunked;    // false: one chunk, no hashing, one round
  int32_t rounds;
  int32_t chunks;  // a round

  TWINSTREAM_BOTH RowShape(const RowRules& rules, const RowMask& mask)
      : length(rules.batch_invariant ? mask.last : rules.length),
        padded(length),
        chunked(false),
        rounds(1),
        chunks(1) {
    if (length > rules.min_chunk_length) {
      const int64_t multiple = rules.pad_multiple;
      padded = (length + multiple - 1) / multiple * multiple;
    }
    if (padded > rules.chunk_length) {
      chunked = true;
      rounds = rules.rounds;
      chunks = static_cast<int32_t>(padded / rules.chunk_length);
    }
  }
};

// The factors of a row's buckets. No array of its own: the GPU would keep it in slow memory.
struct BucketFactors {
  int32_t count;
  int32_t power;    // of 2, if they are automatic
  int64_t buckets;  // their product

  TWINSTREAM_BOTH BucketFactors(const RowRules& rules, int64_t padded)
      : count(rules.factor_count), power(0), buckets(1) {
    if (count == 0) {
      for (int64_t rest = 2 * (padded / rules.chunk_length); rest > 1; rest /= 2) ++power;
      count = (int64_t{1} << power) <= rules.bucket_limit ? 1 : 2;
    }
    for (int32_t i = 0; i < count; ++i) buckets *= At(rules, i);
  }

  TWINSTREAM_BOTH int32_t At(const RowRules& rules, int32_t factor) const {
    if (rules.factor_count > 0) return rules.factors[factor];
    if (count == 1) return 1 << power;
    return 1 << (factor == 0 ? power / 2 : power - power / 2);
  }
};

// The slot of a window's key, in the ring of all rounds' chunks of one (row, head): the order of
// the keys is that of the ring's shifts (see cpu/chunk_ring.h). `chunk` counts over all rounds.
struct WindowSlot {
  int32_t round;
  int32_t slot;  // of the round

  TWINSTREAM_BOTH WindowSlot(const RowRules& rules, const RowShape& shape, int32_t chunk,
                             int32_t key)
      : round(0), slot(key) {
    if (!shape.chunked) return;
    const int32_t ring = shape.chunks * shape.rounds;
    const int32_t shift = key / rules.chunk_length - rules.chunks_before;
    int32_t seen = chunk;
    // A shift that reaches around the whole ring is no shift at all, as in the reference.
    if (shift < ring && shift > -ring) {
      seen += shift;
      if (seen < 0) seen += ring;
      if (seen >= ring) seen -= ring;
    }
    round = seen / shape.chunks;
    slot = seen % shape.chunks * rules.chunk_length + key % rules.chunk_length;
  }
};

// Refuses the options that the CPU has and the GPU's kernels have not.
void CheckOptions(const LshAttributes& attributes);

// Checks what is peculiar to the GPU: sizes that its kernels and 32-bit counters can hold.
RowRules MakeRules(const AttentionAttributes& attributes, const AttentionSizes& sizes);
RowRules MakeRules(const LshAttributes& attributes, const AttentionSizes& sizes);

// The buckets of the fullest round that any row of such a batch can have, 0 where all rows are too
// short to be hashed. Throws where `rotations` [R, H, F, C, D] lacks factors or columns for one.
int64_t MostBuckets(const RowRules& rules, const Shape& rotations);

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ROW_SHAPE_H_

// What the attention kernels share: a thread block attends kTileQueries queries of one chunk of one
// (row, head, round) to that chunk's window, a tile of keys at a time. Both queries and keys are
// gathered as they are loaded: nothing sorted is ever stored but positions.
#ifndef TWINSTREAM_CUDA_ATTEND_BLOCK_CUH_
#define TWINSTREAM_CUDA_ATTEND_BLOCK_CUH_

#include "cuda/kernel.cuh"
#include "cuda/row_shape.h"

namespace twinstream::cuda {

constexpr int kAttendThreads = 128;
constexpr int kTileQueries = 64;

// Positions in shared memory: 0 and more real, less than 0 the complement of a masked one.
constexpr int32_t kNoPosition = std::numeric_limits<int32_t>::min();

template <typename T>
struct AttendParameters {
  RowRules rules;
  const RowMask* rows;
  const int64_t* mask;   // [B, L]
  const T* query;        // [B, L, H*D]
  const T* key;
  const T* value;
  const int32_t* order;  // [B, H, rounds, L]: positions by bucket, or null: no row is chunked
  int32_t heads;
  int32_t chunks;  // that any row can have members in, a round
  int32_t tiles;   // of queries, a chunk
  T* context;      // [B, L, H*D]: written where there is one round
  T* partial;      // [B, H, rounds, L, D]: where there are more, a round's own context
  float* logsumexp;  // [B, H, rounds, L]: and its weight
};

// The place of a block: its chunk and queries.
template <typename T>
struct AttendPlace {
  int64_t row;
  int32_t head;
  int32_t round;
  int32_t chunk;  // of the round
  int32_t first;  // slot of the block's first query
  int32_t queries;  // slots, 0 to kTileQueries; 0 also where the row has no such round

  TWINSTREAM_DEVICE AttendPlace(const AttendParameters<T>& p, int64_t block) {
    const auto tile = static_cast<int32_t>(block % p.tiles);
    block /= p.tiles;
    chunk = static_cast<int32_t>(block % p.chunks);
    block /= p.chunks;
    round = static_cast<int32_t>(block % p.rules.rounds);
    block /= p.rules.rounds;
    head = static_cast<int32_t>(block % p.heads);
    row = block / p.heads;
    first = chunk * p.rules.chunk_length + tile * kTileQueries;
    const int32_t left = min(p.rules.length, (chunk + 1) * p.rules.chunk_length) - first;
    queries = max(0, min(left, kTileQueries));
  }
};

template <typename T>
struct AttendRow {
  const AttendParameters<T>& p;
  const AttendPlace<T>& place;
  RowMask mask;
  RowShape shape;

  TWINSTREAM_DEVICE AttendRow(const AttendParameters<T>& parameters, const AttendPlace<T>& at)
      : p(parameters), place(at), mask(p.rows[at.row]), shape(p.rules, mask) {}

  // The position in a slot of a round: sorted in rows that are hashed, else in their own order.
  TWINSTREAM_DEVICE int32_t PositionAt(int32_t round, int32_t slot) const {
    if (slot >= p.rules.length) return kNoPosition;
    if (p.order != nullptr && shape.chunked) {
      const int64_t segment = (place.row * p.heads + place.head) * p.rules.rounds + round;
      const int32_t position = p.order[segment * p.rules.length + slot];
      return slot < mask.members ? position : ~position;
    }
    return p.mask[place.row * p.rules.length + slot] != 0 ? slot : ~slot;
  }

  // Keys of the window, those that are masked or missing included.
  TWINSTREAM_DEVICE int32_t WindowKeys() const {
    if (!shape.chunked) return shape.length;
    return (p.rules.chunks_before + 1 + p.rules.chunks_after) * p.rules.chunk_length;
  }

  // The position of a key of the window; negative where there is none to see.
  TWINSTREAM_DEVICE int32_t KeyPosition(int32_t key) const {
    if (key >= WindowKeys()) return kNoPosition;
    const WindowSlot at(p.rules, shape, place.round * shape.chunks + place.chunk, key);
    return PositionAt(at.round, at.slot);
  }

  // Offset of a position's head in query, key, value and context.
  TWINSTREAM_DEVICE int64_t StateAt(int32_t position, int head_size) const {
    return ((place.row * p.rules.length + position) * p.heads + place.head) * head_size;
  }
  // Offset of a position in an array of [B, H, rounds, L].
  TWINSTREAM_DEVICE int64_t RoundAt(int32_t position) const {
    return ((place.row * p.heads + place.head) * p.rules.rounds + place.round) * p.rules.length +
           position;
  }
};

// The logit of a key, scaled already: own position discouraged, later positions left out if causal
// (Reformer, section 2, equations 2 to 5).
template <bool kShared>
TWINSTREAM_DEVICE float MaskedLogit(float logit, int32_t query, int32_t key, bool causal) {
  if (key < 0 || (causal && key > query)) return -INFINITY;
  if (kShared && key == query) return -1e5f;
  return logit;
}

// The scale of a key from the sum of its squares: unit variance, and by the root of the head size
// (Reformer, section 2, "Shared-QK attention", in the reference's form).
template <int kHeadSize>
TWINSTREAM_DEVICE float SharedKeyScale(float squares) {
  return rsqrtf(static_cast<float>(kHeadSize)) / sqrtf(squares / kHeadSize + 1e-6f);
}

// One query's softmax so far, in the thread that holds a part of its row.
struct OnlineSoftmax {
  float max = -INFINITY;
  float sum = 0;   // of exp(logit - max), of this thread's keys
  float base = 0;  // max, or 0 as long as no key was seen

  // Takes a tile's greatest logit; returns the factor for what was summed before.
  TWINSTREAM_DEVICE float Raise(float tile_max) {
    const float raised = fmaxf(max, tile_max);
    base = raised == -INFINITY ? 0 : raised;
    const float keep = expf(max - base);
    max = raised;
    sum *= keep;
    return keep;
  }
  TWINSTREAM_DEVICE float Weigh(float logit) {
    const float weight = expf(logit - base);
    sum += weight;
    return weight;
  }
};

// Normalising goes by way of the logsumexp in float32, as in the reference and on the CPU (see
// cpu/gather-inl.h): at -1e5, where a query sees nothing but itself, it keeps two digits only.
struct Normaliser {
  float logsumexp;
  float share;

  TWINSTREAM_DEVICE Normaliser(float max, float sum)
      : logsumexp(max + logf(sum)), share(expf(max - logsumexp)) {}
};

// Zeros where queries are masked; all threads of the block take part. With several rounds the
// merge does it.
template <typename T, int kHeadSize>
TWINSTREAM_DEVICE void ClearMaskedQueries(const AttendRow<T>& row, const int32_t* positions) {
  if (row.p.partial != nullptr) return;
  constexpr int kVectors = kHeadSize / Vector<T>::kSize;
  for (int i = threadIdx.x; i < kTileQueries * kVectors; i += kAttendThreads) {
    const int32_t position = positions[i / kVectors];
    if (position >= 0 || position == kNoPosition) continue;
    const Vector<T> zero{};
    *reinterpret_cast<Vector<T>*>(row.p.context + row.StateAt(~position, kHeadSize) +
                                  i % kVectors * Vector<T>::kSize) = zero;
  }
}

// Where a query's result goes.
template <typename T, int kHeadSize>
TWINSTREAM_DEVICE T* ResultAt(const AttendRow<T>& row, int32_t position) {
  return row.p.partial != nullptr ? row.p.partial + row.RoundAt(position) * kHeadSize
                                  : row.p.context + row.StateAt(position, kHeadSize);
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ATTEND_BLOCK_CUH_

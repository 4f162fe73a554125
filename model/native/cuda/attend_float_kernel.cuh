// Attention of float32 states: fused multiply-adds, no tensor cores, no TF32.
//
// Sixteen groups of eight neighbouring threads; a group has four queries. Tiles of 32 keys. In the
// first product a thread makes the logits of its four queries for every eighth key, in the second
// the context of four queries in every eighth run of four dimensions.
#ifndef TWINSTREAM_CUDA_ATTEND_FLOAT_KERNEL_CUH_
#define TWINSTREAM_CUDA_ATTEND_FLOAT_KERNEL_CUH_

#include "cuda/attend_block.cuh"

namespace twinstream::cuda {

template <int kHeadSize>
struct FloatTiles {
  static constexpr int kKeys = 32;
  // 16 bytes more than a row, so that eight rows fall into different banks.
  static constexpr int kStride = kHeadSize + 4;
  static constexpr int kWeightStride = kKeys + 4;

  alignas(16) float queries[kTileQueries * kStride];
  alignas(16) float keys[kKeys * kStride];
  alignas(16) float values[kKeys * kStride];
  alignas(16) float weights[kTileQueries * kWeightStride];
  float scales[kKeys];
  int32_t key_positions[kKeys];
  int32_t query_positions[kTileQueries];
};

TWINSTREAM_DEVICE const float4& Float4At(const float* at) {
  return *reinterpret_cast<const float4*>(at);
}
TWINSTREAM_DEVICE void Put(float* at, const float4& values) {
  *reinterpret_cast<float4*>(at) = values;
}

// One tile's keys and values, and the keys' scales. All threads of the block take part.
template <bool kShared, int kHeadSize>
TWINSTREAM_DEVICE void LoadFloatTile(const AttendRow<float>& row, FloatTiles<kHeadSize>& tiles) {
  using Tiles = FloatTiles<kHeadSize>;
  constexpr int kVectors = kHeadSize / 4;  // 8, 16 or 32 neighbouring lanes load a row
#pragma unroll
  for (int i = threadIdx.x; i < Tiles::kKeys * kVectors; i += kAttendThreads) {
    const int key = i / kVectors;
    const int column = i % kVectors * 4;
    const int32_t position = tiles.key_positions[key];
    // Zeros where there is no key: what stands there may not be a number.
    float4 k = make_float4(0, 0, 0, 0);
    float4 v = k;
    if (position >= 0) {
      const int64_t at = row.StateAt(position, kHeadSize) + column;
      k = Float4At(row.p.key + at);
      v = Float4At(row.p.value + at);
    }
    Put(tiles.keys + key * Tiles::kStride + column, k);
    Put(tiles.values + key * Tiles::kStride + column, v);
    if (kShared) {
      const float squares = SumOverLanes(k.x * k.x + k.y * k.y + k.z * k.z + k.w * k.w, kVectors);
      if (i % kVectors == 0) tiles.scales[key] = SharedKeyScale<kHeadSize>(squares);
    }
  }
}

template <int kHeadSize>
TWINSTREAM_DEVICE void LoadFloatQueries(const AttendRow<float>& row,
                                        FloatTiles<kHeadSize>& tiles) {
  constexpr int kVectors = kHeadSize / 4;
  for (int i = threadIdx.x; i < kTileQueries * kVectors; i += kAttendThreads) {
    const int column = i % kVectors * 4;
    const int32_t position = tiles.query_positions[i / kVectors];
    float4 q = make_float4(0, 0, 0, 0);
    if (position >= 0) q = Float4At(row.p.query + row.StateAt(position, kHeadSize) + column);
    Put(tiles.queries + i / kVectors * FloatTiles<kHeadSize>::kStride + column, q);
  }
}

template <bool kShared, int kHeadSize>
static __global__ void __launch_bounds__(kAttendThreads) AttendFloat(AttendParameters<float> p) {
  using Tiles = FloatTiles<kHeadSize>;
  constexpr int kRows = 4;                 // queries of a thread
  constexpr int kLogits = Tiles::kKeys / 8;
  constexpr int kRuns = kHeadSize / 32;    // of four dimensions
  auto& tiles = *reinterpret_cast<Tiles*>(SharedMemory());
  const AttendPlace<float> place(p, blockIdx.x);
  const AttendRow<float> row(p, place);
  if (place.queries == 0 || place.round >= row.shape.rounds) return;  // the whole block

  const int thread = static_cast<int>(threadIdx.x);
  bool real = false;
  if (thread < kTileQueries) {
    const int32_t position = thread < place.queries
                                 ? row.PositionAt(place.round, place.first + thread)
                                 : kNoPosition;
    tiles.query_positions[thread] = position;
    real = position >= 0;
  }
  const bool any_real = __syncthreads_or(real) != 0;
  ClearMaskedQueries<float, kHeadSize>(row, tiles.query_positions);
  if (!any_real) return;
  LoadFloatQueries(row, tiles);  // a barrier follows before they are read

  const int group = thread / 8 * kRows;  // the thread's first query
  const int member = thread % 8;
  OnlineSoftmax softmax[kRows];
  int32_t positions[kRows];
  float4 context[kRows][kRuns];
#pragma unroll
  for (int i = 0; i < kRows; ++i) {
    positions[i] = tiles.query_positions[group + i];
    for (int run = 0; run < kRuns; ++run) context[i][run] = make_float4(0, 0, 0, 0);
  }
  const int32_t window = row.WindowKeys();
  for (int32_t first = 0; first < window; first += Tiles::kKeys) {
    __syncthreads();  // the tiles are free
    bool seen = false;
    if (thread < Tiles::kKeys) {
      const int32_t position = row.KeyPosition(first + thread);
      tiles.key_positions[thread] = position;
      seen = position >= 0;
    }
    // A tile without keys changes nothing.
    if (__syncthreads_or(seen) == 0) continue;
    LoadFloatTile<kShared>(row, tiles);
    __syncthreads();  // and full

    float logits[kRows][kLogits];
#pragma unroll
    for (int i = 0; i < kRows; ++i) {
      for (int j = 0; j < kLogits; ++j) logits[i][j] = 0;
    }
    for (int k = 0; k < kHeadSize; k += 4) {
      float4 q[kRows];
#pragma unroll
      for (int i = 0; i < kRows; ++i) {
        q[i] = Float4At(tiles.queries + (group + i) * Tiles::kStride + k);
      }
#pragma unroll
      for (int j = 0; j < kLogits; ++j) {
        const float4 x = Float4At(tiles.keys + (member + 8 * j) * Tiles::kStride + k);
#pragma unroll
        for (int i = 0; i < kRows; ++i) {
          logits[i][j] = fmaf(q[i].x, x.x, logits[i][j]);
          logits[i][j] = fmaf(q[i].y, x.y, logits[i][j]);
          logits[i][j] = fmaf(q[i].z, x.z, logits[i][j]);
          logits[i][j] = fmaf(q[i].w, x.w, logits[i][j]);
        }
      }
    }
#pragma unroll
    for (int i = 0; i < kRows; ++i) {
      float tile_max = -INFINITY;
#pragma unroll
      for (int j = 0; j < kLogits; ++j) {
        const int key = member + 8 * j;
        const float scale =
            kShared ? tiles.scales[key] : rsqrtf(static_cast<float>(kHeadSize));
        logits[i][j] = MaskedLogit<kShared>(logits[i][j] * scale, positions[i],
                                            tiles.key_positions[key], p.rules.causal);
        tile_max = fmaxf(tile_max, logits[i][j]);
      }
      const float keep = softmax[i].Raise(MaxOverLanes(tile_max, 8));
#pragma unroll
      for (int run = 0; run < kRuns; ++run) {
        context[i][run].x *= keep;
        context[i][run].y *= keep;
        context[i][run].z *= keep;
        context[i][run].w *= keep;
      }
#pragma unroll
      for (int j = 0; j < kLogits; ++j) {
        tiles.weights[(group + i) * Tiles::kWeightStride + member + 8 * j] =
            softmax[i].Weigh(logits[i][j]);
      }
    }
    __syncwarp();  // a group's weights are read by its own threads alone

    for (int key = 0; key < Tiles::kKeys; ++key) {
      float weights[kRows];
#pragma unroll
      for (int i = 0; i < kRows; ++i) {
        weights[i] = tiles.weights[(group + i) * Tiles::kWeightStride + key];
      }
#pragma unroll
      for (int run = 0; run < kRuns; ++run) {
        const float4 x = Float4At(tiles.values + key * Tiles::kStride + run * 32 + member * 4);
#pragma unroll
        for (int i = 0; i < kRows; ++i) {
          context[i][run].x = fmaf(weights[i], x.x, context[i][run].x);
          context[i][run].y = fmaf(weights[i], x.y, context[i][run].y);
          context[i][run].z = fmaf(weights[i], x.z, context[i][run].z);
          context[i][run].w = fmaf(weights[i], x.w, context[i][run].w);
        }
      }
    }
  }

#pragma unroll
  for (int i = 0; i < kRows; ++i) {
    const float sum = SumOverLanes(softmax[i].sum, 8);
    if (positions[i] < 0) continue;
    const Normaliser normal(softmax[i].max, sum);
    float* result = ResultAt<float, kHeadSize>(row, positions[i]) + member * 4;
#pragma unroll
    for (int run = 0; run < kRuns; ++run) {
      const float4& x = context[i][run];
      Put(result + run * 32, make_float4(x.x * normal.share, x.y * normal.share,
                                         x.z * normal.share, x.w * normal.share));
    }
    if (p.logsumexp != nullptr && member == 0) {
      p.logsumexp[row.RoundAt(positions[i])] = normal.logsumexp;
    }
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ATTEND_FLOAT_KERNEL_CUH_

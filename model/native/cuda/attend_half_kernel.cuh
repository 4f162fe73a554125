// Attention of float16 and bfloat16 states, both products on the tensor cores, summed in float32.
//
// Four warps of 16 queries each; tiles of 64 keys. Queries stay in registers as operands, so do the
// weights: what comes out of the first product is laid out as the second one takes it.
#ifndef TWINSTREAM_CUDA_ATTEND_HALF_KERNEL_CUH_
#define TWINSTREAM_CUDA_ATTEND_HALF_KERNEL_CUH_

#include "cuda/attend_block.cuh"

namespace twinstream::cuda {

template <typename T, int kHeadSize>
struct HalfTiles {
  static constexpr int kKeys = 64;
  // 16 bytes more than a row, so that eight rows fall into different banks.
  static constexpr int kStride = kHeadSize + 8;

  alignas(16) T keys[kKeys * kStride];
  alignas(16) T values[kKeys * kStride];
  float scales[kKeys];
  alignas(8) int32_t key_positions[kKeys];
  int32_t query_positions[kTileQueries];
};

// One tile's keys and values, and the keys' scales. All threads of the block take part.
template <bool kShared, typename T, int kHeadSize>
TWINSTREAM_DEVICE void LoadHalfTile(const AttendRow<T>& row, HalfTiles<T, kHeadSize>& tiles) {
  using Tiles = HalfTiles<T, kHeadSize>;
  constexpr int kSize = Vector<T>::kSize;
  constexpr int kVectors = kHeadSize / kSize;  // 4, 8 or 16 neighbouring lanes load a row
#pragma unroll
  for (int i = threadIdx.x; i < Tiles::kKeys * kVectors; i += kAttendThreads) {
    const int key = i / kVectors;
    const int column = i % kVectors * kSize;
    const int32_t position = tiles.key_positions[key];
    // Zeros where there is no key: what stands there may not be a number.
    Vector<T> k{};
    Vector<T> v{};
    if (position >= 0) {
      const int64_t at = row.StateAt(position, kHeadSize) + column;
      k = *reinterpret_cast<const Vector<T>*>(row.p.key + at);
      v = *reinterpret_cast<const Vector<T>*>(row.p.value + at);
    }
    *reinterpret_cast<Vector<T>*>(tiles.keys + key * Tiles::kStride + column) = k;
    *reinterpret_cast<Vector<T>*>(tiles.values + key * Tiles::kStride + column) = v;
    if (kShared) {
      float squares = 0;
#pragma unroll
      for (int j = 0; j < kSize; ++j) {
        const float x = Scalar<T>::Widen(k.values[j]);
        squares = fmaf(x, x, squares);
      }
      squares = SumOverLanes(squares, kVectors);
      if (i % kVectors == 0) tiles.scales[key] = SharedKeyScale<kHeadSize>(squares);
    }
  }
}

// A warp's 16 queries as operands of the first product.
template <typename T, int kHeadSize>
TWINSTREAM_DEVICE void LoadQueries(const AttendRow<T>& row, const int32_t (&positions)[2],
                                   uint32_t (&queries)[kHeadSize / 16][4]) {
  const int pair = static_cast<int>(threadIdx.x) % 4 * 2;
#pragma unroll
  for (int half = 0; half < 2; ++half) {  // of the rows: g, then g + 8
    const T* state =
        row.p.query + (positions[half] < 0 ? 0 : row.StateAt(positions[half], kHeadSize));
#pragma unroll
    for (int step = 0; step < kHeadSize / 16; ++step) {
#pragma unroll
      for (int part = 0; part < 2; ++part) {  // of the columns: 2t, then 2t + 8
        uint32_t bits = 0;
        if (positions[half] >= 0) {
          bits = *reinterpret_cast<const uint32_t*>(state + step * 16 + part * 8 + pair);
        }
        queries[step][part * 2 + half] = bits;
      }
    }
  }
}

template <bool kShared, typename T, int kHeadSize>
static __global__ void __launch_bounds__(kAttendThreads) AttendHalf(AttendParameters<T> p) {
  using Tiles = HalfTiles<T, kHeadSize>;
  constexpr int kKeyColumns = Tiles::kKeys / 8;  // of the sums of the first product
  constexpr int kHeadColumns = kHeadSize / 8;    // and of the second
  auto& tiles = *reinterpret_cast<Tiles*>(SharedMemory());
  const AttendPlace<T> place(p, blockIdx.x);
  const AttendRow<T> row(p, place);
  if (place.queries == 0 || place.round >= row.shape.rounds) return;  // the whole block

  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % kWarp;
  bool real = false;
  if (thread < kTileQueries) {
    const int32_t position = thread < place.queries
                                 ? row.PositionAt(place.round, place.first + thread)
                                 : kNoPosition;
    tiles.query_positions[thread] = position;
    real = position >= 0;
  }
  const bool any_real = __syncthreads_or(real) != 0;
  ClearMaskedQueries<T, kHeadSize>(row, tiles.query_positions);
  if (!any_real) return;

  const int first_row = thread / kWarp * 16 + lane / 4;
  const int32_t positions[2] = {tiles.query_positions[first_row],
                                tiles.query_positions[first_row + 8]};
  uint32_t queries[kHeadSize / 16][4];
  LoadQueries<T, kHeadSize>(row, positions, queries);

  OnlineSoftmax softmax[2];
  float context[kHeadColumns][4];
#pragma unroll
  for (int column = 0; column < kHeadColumns; ++column) {
    for (int i = 0; i < 4; ++i) context[column][i] = 0;
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
    LoadHalfTile<kShared>(row, tiles);
    __syncthreads();  // and full

    // Logits. ldmatrix brings 8 keys by 32 dimensions, two steps' operands.
    float logits[kKeyColumns][4];
#pragma unroll
    for (int column = 0; column < kKeyColumns; ++column) {
      for (int i = 0; i < 4; ++i) logits[column][i] = 0;
#pragma unroll
      for (int step = 0; step < kHeadSize / 16; step += 2) {
        uint32_t k[4];
        LoadMatrices(k, tiles.keys + (column * 8 + lane % 8) * Tiles::kStride + step * 16 +
                            lane / 8 * 8);
        MultiplyAccumulate<T>(logits[column], queries[step], k[0], k[1]);
        MultiplyAccumulate<T>(logits[column], queries[step + 1], k[2], k[3]);
      }
    }

    float tile_max[2] = {-INFINITY, -INFINITY};
#pragma unroll
    for (int column = 0; column < kKeyColumns; ++column) {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int key = column * 8 + lane % 4 * 2 + i % 2;
        const float scale =
            kShared ? tiles.scales[key] : rsqrtf(static_cast<float>(kHeadSize));
        logits[column][i] = MaskedLogit<kShared>(logits[column][i] * scale, positions[i / 2],
                                                 tiles.key_positions[key], p.rules.causal);
        tile_max[i / 2] = fmaxf(tile_max[i / 2], logits[column][i]);
      }
    }
    float keep[2];
    for (int half = 0; half < 2; ++half) {
      keep[half] = softmax[half].Raise(MaxOverLanes(tile_max[half], 4));
    }
#pragma unroll
    for (int column = 0; column < kHeadColumns; ++column) {
      for (int i = 0; i < 4; ++i) context[column][i] *= keep[i / 2];
    }

    // Two columns of eight keys' weights are one operand.
#pragma unroll
    for (int step = 0; step < kKeyColumns / 2; ++step) {
      uint32_t weights[4];
#pragma unroll
      for (int part = 0; part < 2; ++part) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
          const float first_weight = softmax[half].Weigh(logits[step * 2 + part][half * 2]);
          const float second_weight = softmax[half].Weigh(logits[step * 2 + part][half * 2 + 1]);
          weights[part * 2 + half] = Pack<T>(first_weight, second_weight);
        }
      }
#pragma unroll
      for (int column = 0; column < kHeadColumns; column += 2) {
        uint32_t v[4];
        LoadMatricesTransposed(v, tiles.values + (step * 16 + lane / 8 % 2 * 8 + lane % 8) *
                                                     Tiles::kStride +
                                      column * 8 + lane / 16 * 8);
        MultiplyAccumulate<T>(context[column], weights, v[0], v[1]);
        MultiplyAccumulate<T>(context[column + 1], weights, v[2], v[3]);
      }
    }
  }

#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const float sum = SumOverLanes(softmax[half].sum, 4);
    if (positions[half] < 0) continue;
    const Normaliser normal(softmax[half].max, sum);
    T* result = ResultAt<T, kHeadSize>(row, positions[half]) + lane % 4 * 2;
#pragma unroll
    for (int column = 0; column < kHeadColumns; ++column) {
      *reinterpret_cast<uint32_t*>(result + column * 8) =
          Pack<T>(context[column][half * 2] * normal.share,
                  context[column][half * 2 + 1] * normal.share);
    }
    if (p.logsumexp != nullptr && lane % 4 == 0) {
      p.logsumexp[row.RoundAt(positions[half])] = normal.logsumexp;
    }
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ATTEND_HALF_KERNEL_CUH_

// Angular locality-sensitive hashing (Reformer, section 2): the bucket of x is the argmax over
// [x R, -x R], found while the product is made; the product itself is never stored.
//
// In float32 whatever the states' type, each column summed over the head in order with a fused
// multiply-add from 0, ties to the lowest index: the same bucket, to the bit, as on every CPU.
#ifndef TWINSTREAM_CUDA_HASH_KERNEL_CUH_
#define TWINSTREAM_CUDA_HASH_KERNEL_CUH_

#include "cuda/kernel.cuh"
#include "cuda/row_shape.h"

namespace twinstream::cuda {

constexpr int kHashThreads = 128;  // and tokens a block
constexpr int kHashColumns = 32;   // of rotations in shared memory at once

template <typename T>
struct HashParameters {
  RowRules rules;
  const RowMask* rows;
  const int64_t* mask;     // [B, L]
  const T* states;         // [B, L, H*D]
  const float* rotations;  // [R, H, F, C, D]
  int32_t heads;
  int32_t stored_factors;
  int32_t stored_columns;
  int32_t tiles;  // of tokens, a row
  const int32_t* forced;  // [B, H, rounds, L], or null
  int32_t* buckets;       // [B, H, rounds, L], or null
  uint32_t* keys;         // [B, H, rounds, L], or null: (row, head, round) and bucket, to be sorted
  int32_t* positions;     // beside the keys
  int bucket_bits;        // of a key, the lowest
};

// The largest column so far of [x R] or of [-x R].
struct BestColumn {
  float value = -INFINITY;
  int32_t column = 0;

  TWINSTREAM_DEVICE void Offer(float offered, int32_t at) {
    if (offered > value) {  // strict: the earlier column keeps a tie, and no NaN gets in
      value = offered;
      column = at;
    }
  }
};

// The bucket in one factor. All threads of the block take part; `tile` holds kHashColumns columns.
template <int kHeadSize>
TWINSTREAM_DEVICE int32_t BucketInFactor(const float (&x)[kHeadSize], const float* columns,
                                         int32_t half, float* tile) {
  constexpr int kAtOnce = 4;
  BestColumn positive;
  BestColumn negative;
  for (int32_t first = 0; first < half; first += kHashColumns) {
    const int32_t count = half - first < kHashColumns ? half - first : kHashColumns;
    __syncthreads();  // the tile is free
    for (int i = threadIdx.x * 4; i < kHashColumns * kHeadSize; i += kHashThreads * 4) {
      float4 loaded = make_float4(0, 0, 0, 0);
      if (i < count * kHeadSize) {
        loaded = *reinterpret_cast<const float4*>(columns + int64_t{first} * kHeadSize + i);
      }
      *reinterpret_cast<float4*>(tile + i) = loaded;
    }
    __syncthreads();  // and full
    for (int32_t column = 0; column < count; column += kAtOnce) {
      float sums[kAtOnce] = {0, 0, 0, 0};
#pragma unroll
      for (int k = 0; k < kHeadSize; k += 4) {
#pragma unroll
        for (int i = 0; i < kAtOnce; ++i) {
          const float4 r =
              *reinterpret_cast<const float4*>(tile + (column + i) * kHeadSize + k);
          sums[i] = fmaf(x[k], r.x, sums[i]);
          sums[i] = fmaf(x[k + 1], r.y, sums[i]);
          sums[i] = fmaf(x[k + 2], r.z, sums[i]);
          sums[i] = fmaf(x[k + 3], r.w, sums[i]);
        }
      }
#pragma unroll
      for (int i = 0; i < kAtOnce; ++i) {
        if (column + i >= count) break;
        positive.Offer(sums[i], first + column + i);
        negative.Offer(-sums[i], first + column + i);
      }
    }
  }
  return negative.value > positive.value ? half + negative.column : positive.column;
}

// One block: kHashThreads tokens of one (row, head, round), a token a thread.
template <typename T, int kHeadSize>
static __global__ void __launch_bounds__(kHashThreads, 3) HashTokens(HashParameters<T> p) {
  auto* tile = reinterpret_cast<float*>(SharedMemory());  // [kHashColumns, kHeadSize]
  const int32_t length = p.rules.length;
  const int64_t segment = blockIdx.x / p.tiles;  // (row, head, round)
  const int32_t token = static_cast<int32_t>(blockIdx.x % p.tiles) * kHashThreads +
                        static_cast<int32_t>(threadIdx.x);
  const int32_t round = static_cast<int32_t>(segment % p.rules.rounds);
  const int32_t head = static_cast<int32_t>(segment / p.rules.rounds % p.heads);
  const int64_t row = segment / p.rules.rounds / p.heads;

  const RowMask mask = p.rows[row];
  const RowShape shape(p.rules, mask);
  const BucketFactors factors(p.rules, shape.padded);
  const bool inside = token < length;
  const bool member = inside && p.mask[row * length + token] != 0;
  const int64_t at = segment * length + token;
  int32_t bucket = static_cast<int32_t>(factors.buckets);  // of masked positions: after all others

  // One answer for the whole block: there are barriers inside.
  const bool tile_has_members = token - static_cast<int32_t>(threadIdx.x) < mask.last;
  if (shape.chunked && p.forced != nullptr) {
    if (member) {
      // The CPU refuses what is out of range; to refuse here would be to wait. Nothing overflows.
      bucket = min(max(p.forced[at], 0), static_cast<int32_t>(factors.buckets) - 1);
    }
  } else if (shape.chunked && tile_has_members) {
    float x[kHeadSize];
    const int64_t state = ((row * length + token) * p.heads + head) * kHeadSize;
#pragma unroll
    for (int k = 0; k < kHeadSize; k += Vector<T>::kSize) {
      Vector<T> loaded{};
      if (member) loaded = *reinterpret_cast<const Vector<T>*>(p.states + state + k);
#pragma unroll
      for (int i = 0; i < Vector<T>::kSize; ++i) x[k + i] = Scalar<T>::Widen(loaded.values[i]);
    }
    int32_t hashed = 0;
    int32_t multiplier = 1;
    const int64_t first_column = (int64_t{round} * p.heads + head) * p.stored_factors;
    for (int32_t f = 0; f < factors.count; ++f) {
      const int32_t factor = factors.At(p.rules, f);
      const float* columns =
          p.rotations + (first_column + f) * p.stored_columns * kHeadSize;
      hashed += multiplier * BucketInFactor<kHeadSize>(x, columns, factor / 2, tile);
      multiplier *= factor;
    }
    if (member) bucket = hashed;
  }
  if (!inside) return;
  if (p.buckets != nullptr) p.buckets[at] = shape.chunked ? bucket : -1;
  if (p.keys != nullptr) {
    // The order of rows that are not chunked is never read.
    const uint32_t low = shape.chunked ? static_cast<uint32_t>(bucket) : 0;
    p.keys[at] = static_cast<uint32_t>(segment << p.bucket_bits) | low;
    p.positions[at] = token;
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_HASH_KERNEL_CUH_

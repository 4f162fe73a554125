// A GPU in a plain program: enough of CUDA to run this folder's kernels, for tests.
//
// A block's threads are fibers of one thread, switched at barriers and at whatever a warp does
// together, and resumed in another order every time, so that a missing barrier shows as a wrong
// result. Global and shared memory are of the very size that was asked for, and never zero: the
// address sanitizer (sanitized_emulated_*) sees their ends.
//
// What the tensor cores and ldmatrix hand to which thread is written down here once more, from the
// PTX ISA: that the hardware agrees is not shown by this.
#ifndef TWINSTREAM_CUDA_TESTS_EMULATOR_H_
#define TWINSTREAM_CUDA_TESTS_EMULATOR_H_

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>

// CUDA's headers leave attributes that only nvcc understands.
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __launch_bounds__
#undef __align__
#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __launch_bounds__(...)
#define __align__(bytes) alignas(bytes)

namespace twinstream::cuda {

struct Index {
  unsigned x;
};
// Of the fiber that runs.
extern Index threadIdx;
extern Index blockIdx;

// Runs `thread` once for every thread of every block, block after block, in blocks of `threads`.
void Emulate(int64_t blocks, int threads, size_t shared_bytes, const std::function<void()>& thread);

unsigned char* EmulatedSharedMemory();

void __syncthreads();
int __syncthreads_or(int predicate);
void __syncwarp();

// What a lane brings to, and takes from, a step that its whole warp does together: `values` in,
// all lanes' values out. Ends the program where lanes meet in different steps.
struct Exchanged {
  uint64_t values[8];
};
const Exchanged* ExchangeInWarp(int step, const Exchanged& brought);
int EmulatedLane();
// Says which thread of which block it is, and ends the program.
[[noreturn]] void FailEmulation(const char* what);

template <typename T>
T __shfl_xor_sync(unsigned, T value, int lane_mask) {
  Exchanged mine{};
  std::memcpy(mine.values, &value, sizeof(value));
  const Exchanged* all = ExchangeInWarp(1000 + lane_mask, mine);
  T other;
  std::memcpy(&other, all[EmulatedLane() ^ lane_mask].values, sizeof(other));
  return other;
}

inline void atomicMax(int32_t* to, int32_t value) {
  int32_t seen = __atomic_load_n(to, __ATOMIC_RELAXED);
  while (seen < value && !__atomic_compare_exchange_n(to, &seen, value, false, __ATOMIC_RELAXED,
                                                      __ATOMIC_RELAXED)) {
  }
}
inline void atomicAdd(int32_t* to, int32_t value) {
  __atomic_fetch_add(to, value, __ATOMIC_RELAXED);
}

inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
using std::max;
using std::min;

// One lane's part in sum += A B; the fragments' layout is that of kernel.cuh.
template <typename T>
void EmulatedMultiplyAccumulate(float (&sum)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  Exchanged mine{};
  for (int i = 0; i < 4; ++i) mine.values[i] = a[i];
  mine.values[4] = b0;
  mine.values[5] = b1;
  const Exchanged* all = ExchangeInWarp(1, mine);
  const auto element = [&](int lane, int word, int index) {
    const auto bits = static_cast<uint16_t>(all[lane].values[word] >> (16 * index));
    T value;
    std::memcpy(static_cast<void*>(&value), &bits, sizeof(bits));
    return static_cast<float>(value);
  };
  const int group = EmulatedLane() / 4;
  const int member = EmulatedLane() % 4;
  for (int i = 0; i < 4; ++i) {
    const int row = group + i / 2 * 8;
    const int column = member * 2 + i % 2;
    float total = sum[i];
    for (int k = 0; k < 16; ++k) {
      // A(row, k): lane 4 (row % 8) + (k % 8) / 2; words by row half, then by column half.
      const float x = element(row % 8 * 4 + k % 8 / 2, row / 8 + k / 8 * 2, k % 2);
      // B(k, column): lane 4 column + (k % 8) / 2.
      const float y = element(column * 4 + k % 8 / 2, 4 + k / 8, k % 2);
      total += x * y;
    }
    sum[i] = total;
  }
}

inline void EmulatedLoadMatrices(uint32_t (&to)[4], const void* row, bool transposed) {
  Exchanged mine{};
  mine.values[0] = reinterpret_cast<uintptr_t>(row);
  if (mine.values[0] % 16 != 0) FailEmulation("ldmatrix of a row not aligned to 16 bytes");
  const Exchanged* all = ExchangeInWarp(transposed ? 4 : 3, mine);
  const int group = EmulatedLane() / 4;
  const int member = EmulatedLane() % 4;
  for (int matrix = 0; matrix < 4; ++matrix) {
    uint16_t pair[2];
    for (int i = 0; i < 2; ++i) {
      const int at_row = transposed ? member * 2 + i : group;
      const int at_column = transposed ? group : member * 2 + i;
      pair[i] = reinterpret_cast<const uint16_t*>(all[matrix * 8 + at_row].values[0])[at_column];
    }
    to[matrix] = static_cast<uint32_t>(pair[0]) | static_cast<uint32_t>(pair[1]) << 16;
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_TESTS_EMULATOR_H_

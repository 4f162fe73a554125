// Each row's mask in short: where its last real position is, and how many there are.
#ifndef TWINSTREAM_CUDA_MASK_KERNEL_CUH_
#define TWINSTREAM_CUDA_MASK_KERNEL_CUH_

#include "cuda/kernel.cuh"
#include "cuda/row_shape.h"

namespace twinstream::cuda {

constexpr int kMaskThreads = 256;
constexpr int kMaskPerThread = 8;
constexpr int kMaskTile = kMaskThreads * kMaskPerThread;

// `rows` starts as zeros. Maxima and counts of integers do not depend on the order of the blocks.
static __global__ void __launch_bounds__(kMaskThreads)
    ScanMask(const int64_t* __restrict__ mask, int32_t length, int32_t tiles, RowMask* rows) {
  const int64_t row = blockIdx.x / tiles;
  const int32_t first = static_cast<int32_t>(blockIdx.x % tiles) * kMaskTile;
  int last = 0;
  int members = 0;
  for (int i = 0; i < kMaskPerThread; ++i) {
    const int64_t position = int64_t{first} + i * kMaskThreads + threadIdx.x;
    if (position < length && mask[row * length + position] != 0) {
      last = static_cast<int>(position) + 1;
      ++members;
    }
  }
  for (int step = 1; step < kWarp; step *= 2) {
    const int other = __shfl_xor_sync(kAllLanes, last, step);
    last = other > last ? other : last;
    members += __shfl_xor_sync(kAllLanes, members, step);
  }
  if (threadIdx.x % kWarp == 0 && members > 0) {
    atomicMax(&rows[row].last, last);
    atomicAdd(&rows[row].members, members);
  }
}

inline RowMask* ScanRows(Device& device, const int64_t* mask, int64_t batch, int64_t length) {
  auto* rows = device.Allocate<RowMask>(batch);
  device.Clear(rows, sizeof(RowMask) * static_cast<size_t>(batch));
  const auto tiles = static_cast<int32_t>((length + kMaskTile - 1) / kMaskTile);
  Launch(device, ScanMask, batch * tiles, kMaskThreads, 0, mask, static_cast<int32_t>(length),
         tiles, rows);
  return rows;
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_MASK_KERNEL_CUH_

// Weighted sums of token states a segment, then the mean, the projection and the length.
#ifndef TWINSTREAM_CUDA_POOL_KERNEL_CUH_
#define TWINSTREAM_CUDA_POOL_KERNEL_CUH_

#include "cuda/kernel.cuh"
#include "cuda/segment_tasks.h"

namespace twinstream::cuda {

constexpr int kPoolColumns = kWarp;
constexpr int kPoolLanes = 16;  // that share a task's positions, one in sixteen each
constexpr int kPoolThreads = kPoolColumns * kPoolLanes;
constexpr int kFinishThreads = 256;

template <typename T>
struct PoolParameters {
  const T* states;           // [B, L, E]
  const float* weights;      // [B, L]
  const float* projection;   // [E, P], or null
  const PoolTask* tasks;
  const int32_t* listed;
  const int32_t* first_task;  // [B * slots + 1]
  int64_t length;
  int64_t width;        // E
  int64_t output_size;  // P, or E
  int64_t slots;
  int32_t parts;  // of kPoolColumns columns
  bool normalise;
  double* sums;         // [tasks, E]
  double* weight_sums;  // [tasks]
  double* means;        // [B * slots, E]
  double* results;      // [B * slots, P]; the means without projection
  float* document;      // [B, P or E]
  float* segments;      // [B, slots - 1, P or E]
};

// One block: a task, kPoolColumns columns.
template <typename T>
static __global__ void __launch_bounds__(kPoolThreads) SumTasks(PoolParameters<T> p) {
  auto* sums = reinterpret_cast<double*>(SharedMemory());  // [kPoolLanes, kPoolColumns]
  double* weight_sums = sums + kPoolThreads;               // [kPoolLanes]
  const int64_t number = blockIdx.x / p.parts;
  const int lane = static_cast<int>(threadIdx.x) / kPoolColumns;
  const int within = static_cast<int>(threadIdx.x) % kPoolColumns;
  const int64_t column = int64_t{blockIdx.x % p.parts} * kPoolColumns + within;
  const PoolTask task = p.tasks[number];
  double sum = 0;
  double weight_sum = 0;
#pragma unroll 4
  for (int32_t i = lane; i < task.positions; i += kPoolLanes) {
    const int32_t entry = task.first + i;
    const int64_t token =
        int64_t{task.row} * p.length + (task.of_document != 0 ? entry : p.listed[entry]);
    const double weight = static_cast<double>(p.weights[token]);
    const T state = column < p.width ? p.states[token * p.width + column] : T();
    // Not the product with zero: a state that is left out may not be a number.
    if (weight != 0) sum += weight * static_cast<double>(Scalar<T>::Widen(state));
    weight_sum += weight;
  }
  sums[threadIdx.x] = sum;
  if (within == 0) weight_sums[lane] = weight_sum;
  __syncthreads();
  if (lane != 0) return;
  for (int other = 1; other < kPoolLanes; ++other) {
    sum += sums[other * kPoolColumns + within];
    weight_sum += weight_sums[other];
  }
  if (column < p.width) p.sums[number * p.width + column] = sum;
  if (column == 0) p.weight_sums[number] = weight_sum;
}

// One block: a slot. What the threads write to global memory they read back behind a barrier.
template <typename T>
static __global__ void __launch_bounds__(kFinishThreads) FinishSlots(PoolParameters<T> p) {
  auto* squares = reinterpret_cast<double*>(SharedMemory());  // [kFinishThreads]
  const int64_t slot = blockIdx.x;
  const int64_t row = slot / p.slots;
  const int64_t within = slot % p.slots;
  float* out = within == p.slots - 1
                   ? p.document + row * p.output_size
                   : p.segments + (row * (p.slots - 1) + within) * p.output_size;
  const int32_t first = p.first_task[slot];
  const int32_t end = p.first_task[slot + 1];
  double weight = 0;
  for (int32_t task = first; task < end; ++task) weight += p.weight_sums[task];
  if (weight == 0) {  // the whole block
    for (int64_t i = threadIdx.x; i < p.output_size; i += kFinishThreads) out[i] = 0;
    return;
  }
  double* mean = p.means + slot * p.width;
  for (int64_t e = threadIdx.x; e < p.width; e += kFinishThreads) {
    double sum = 0;
    for (int32_t task = first; task < end; ++task) sum += p.sums[task * p.width + e];
    mean[e] = sum / weight;
  }
  __syncthreads();
  double* result = p.results + slot * p.output_size;
  double own_squares = 0;
  for (int64_t i = threadIdx.x; i < p.output_size; i += kFinishThreads) {
    double value = 0;
    if (p.projection == nullptr) {
      value = mean[i];
    } else {
      for (int64_t e = 0; e < p.width; ++e) {
        value += mean[e] * static_cast<double>(p.projection[e * p.output_size + i]);
      }
      result[i] = value;
    }
    own_squares += value * value;
  }
  squares[threadIdx.x] = own_squares;
  __syncthreads();
  double scale = 1;
  if (p.normalise) {
    double all = 0;
    for (int thread = 0; thread < kFinishThreads; ++thread) all += squares[thread];
    if (all > 0) scale = 1 / sqrt(all);
  }
  for (int64_t i = threadIdx.x; i < p.output_size; i += kFinishThreads) {
    out[i] = static_cast<float>(result[i] * scale);
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_POOL_KERNEL_CUH_

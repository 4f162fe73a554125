#include "cuda/device.h"

#include <algorithm>
#include <cub/device/device_radix_sort.cuh>
#include <cstring>
#include <map>
#include <mutex>

namespace twinstream::cuda {
namespace {

// Host memory that the GPU reads by itself. (From ordinary memory a copy may wait for the stream.)
struct Staging {
  unsigned char* memory;
  size_t bytes;
  cudaEvent_t copied;
};

// What calls leave to later calls, of one GPU. Lives as long as the process.
struct Kept {
  // A pool of our own, so that no other user's pool changes its ways.
  cudaMemPool_t pool = nullptr;
  std::vector<Staging> staging;
};

std::mutex kept_mutex;

// With the mutex held.
Kept& KeptOfCurrentGpu() {
  static std::map<int, Kept> all;
  int gpu = 0;
  Device::Check(cudaGetDevice(&gpu), "device");
  Kept& kept = all[gpu];
  if (kept.pool != nullptr) return kept;
  cudaMemPoolProps properties{};
  properties.allocType = cudaMemAllocationTypePinned;
  properties.location.type = cudaMemLocationTypeDevice;
  properties.location.id = gpu;
  cudaMemPool_t pool = nullptr;
  Device::Check(cudaMemPoolCreate(&pool, &properties), "memory pool");
  // Memory given back stays with the pool.
  uint64_t keep = std::numeric_limits<uint64_t>::max();
  Device::Check(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep),
                "memory pool");
  kept.pool = pool;
  return kept;
}

// A buffer that no copy reads any more; a new one where all are in use.
Staging TakeStaging(size_t bytes) {
  const std::lock_guard<std::mutex> lock(kept_mutex);
  std::vector<Staging>& all = KeptOfCurrentGpu().staging;
  for (auto it = all.begin(); it != all.end(); ++it) {
    if (it->bytes < bytes) continue;
    if (cudaEventQuery(it->copied) != cudaSuccess) {
      cudaGetLastError();  // "not ready" is kept as an error, and would be the next launch's
      continue;
    }
    const Staging found = *it;
    all.erase(it);
    return found;
  }
  Staging made{nullptr, std::max<size_t>(2 * bytes, 65536), nullptr};
  Device::Check(cudaHostAlloc(reinterpret_cast<void**>(&made.memory), made.bytes, 0), "memory");
  Device::Check(cudaEventCreateWithFlags(&made.copied, cudaEventDisableTiming), "event");
  return made;
}

}  // namespace

Device::~Device() {
  // Nothing can be done about an error here; the next call of CUDA reports it again.
  for (void* memory : allocated_) cudaFreeAsync(memory, stream_);
}

void* Device::AllocateBytes(size_t bytes) {
  void* memory = nullptr;
  allocated_.reserve(allocated_.size() + 1);  // so that nothing can fail once there is memory
  const auto pool = [] {
    const std::lock_guard<std::mutex> lock(kept_mutex);
    return KeptOfCurrentGpu().pool;
  }();
  Check(cudaMallocFromPoolAsync(&memory, bytes, pool, stream_), "memory");
  allocated_.push_back(memory);
  return memory;
}

void Device::Clear(void* memory, size_t bytes) {
  Check(cudaMemsetAsync(memory, 0, bytes, stream_), "memset");
}

void Device::Upload(void* to, const void* from, size_t bytes) {
  if (bytes == 0) return;
  const Staging staging = TakeStaging(bytes);
  std::memcpy(staging.memory, from, bytes);
  Check(cudaMemcpyAsync(to, staging.memory, bytes, cudaMemcpyHostToDevice, stream_), "copy");
  Check(cudaEventRecord(staging.copied, stream_), "event");
  const std::lock_guard<std::mutex> lock(kept_mutex);
  KeptOfCurrentGpu().staging.push_back(staging);
}

const int32_t* Device::SortByKey(uint32_t* keys, int32_t* values, int64_t count, int bits) {
  cub::DoubleBuffer<uint32_t> both_keys(keys, Allocate<uint32_t>(count));
  cub::DoubleBuffer<int32_t> both_values(values, Allocate<int32_t>(count));
  size_t bytes = 0;
  const auto items = static_cast<int32_t>(count);
  Check(cub::DeviceRadixSort::SortPairs(nullptr, bytes, both_keys, both_values, items, 0, bits,
                                        stream_),
        "sort");
  Check(cub::DeviceRadixSort::SortPairs(AllocateBytes(bytes), bytes, both_keys, both_values, items,
                                        0, bits, stream_),
        "sort");
  return both_values.Current();
}

}  // namespace twinstream::cuda

// Device on the host: ordinary memory, and the sort by the standard library.
#include <cstdlib>
#include <numeric>

#include "cuda/tests/run_on_device.h"

namespace twinstream::cuda {

Device::~Device() {
  for (void* memory : allocated_) std::free(memory);
}

void* Device::AllocateBytes(size_t bytes) {
  // Aligned as CUDA's, of the very size, and full of what no kernel may rely on.
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, bytes) != 0) throw std::bad_alloc();
  std::memset(memory, 0xff, bytes);
  allocated_.push_back(memory);
  return memory;
}

void Device::Clear(void* memory, size_t bytes) { std::memset(memory, 0, bytes); }
void Device::Upload(void* to, const void* from, size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void Download(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }

const int32_t* Device::SortByKey(uint32_t* keys, int32_t* values, int64_t count, int bits) {
  const uint64_t used = (uint64_t{1} << bits) - 1;
  std::vector<int64_t> places(static_cast<size_t>(count));
  std::iota(places.begin(), places.end(), 0);
  std::stable_sort(places.begin(), places.end(), [&](int64_t a, int64_t b) {
    return (keys[a] & used) < (keys[b] & used);
  });
  auto* sorted = Allocate<int32_t>(count);
  for (int64_t i = 0; i < count; ++i) sorted[i] = values[places[static_cast<size_t>(i)]];
  return sorted;
}

}  // namespace twinstream::cuda

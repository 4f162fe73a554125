#include "cuda/tests/times.h"

#include <algorithm>
#include <cstdio>

#include "cuda/tests/run_on_device.h"

namespace twinstream::cuda {
namespace {

constexpr int64_t kHeads = 4;
constexpr int64_t kHeadSize = 64;
constexpr int kRuns = 11;

LshAttributes BenchmarkAttributes(int64_t length) {
  LshAttributes a;
  a.num_heads = kHeads;
  a.chunk_length = a.min_chunk_length = a.pad_multiple = 64;
  a.num_hashes = 2;
  if (length <= 4096) {
    a.num_buckets = {128};
  } else {
    a.num_buckets = {32, length <= 16384 ? 16 : 64};
  }
  return a;
}

// Milliseconds, the median. `run` puts work on the stream of the device that it is given.
template <typename Work>
double Milliseconds(cudaStream_t stream, const Work& work) {
  cudaEvent_t begin = nullptr;
  cudaEvent_t end = nullptr;
  Device::Check(cudaEventCreate(&begin), "event");
  Device::Check(cudaEventCreate(&end), "event");
  std::vector<float> times;
  for (int run = 0; run <= kRuns; ++run) {
    Device device(stream);
    Device::Check(cudaEventRecord(begin, stream), "event");
    work(device);
    Device::Check(cudaEventRecord(end, stream), "event");
    Device::Check(cudaEventSynchronize(end), "kernels");
    float elapsed = 0;
    Device::Check(cudaEventElapsedTime(&elapsed, begin, end), "event");
    if (run > 0) times.push_back(elapsed);  // the first one takes memory
  }
  Device::Check(cudaEventDestroy(begin), "event");
  Device::Check(cudaEventDestroy(end), "event");
  std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
  return times[kRuns / 2];
}

template <typename T>
void PrintType(const char* type, int64_t length, cudaStream_t stream) {
  Random random(1);
  const LshAttributes a = BenchmarkAttributes(length);
  const Batch batch = RandomBatch(random, {length}, kHeads, kHeadSize, false);
  const Rotations rotations = RandomRotations(random, 2, kHeads, 2, 64, kHeadSize);
  Device inputs(stream);
  const LshTensors<T> lsh = LshOnDevice<T>(a, batch, rotations, inputs, false, nullptr);
  const LocalTensors<T> local = LocalOnDevice<T>(batch, inputs);
  const double lsh_time =
      Milliseconds(stream, [&](Device& device) { LshAttention(a, lsh, device); });
  const double local_time =
      Milliseconds(stream, [&](Device& device) { LocalAttention(a, local, device); });
  std::printf("%-9s %7lld tokens: LSH %8.3f ms, local %8.3f ms\n", type,
              static_cast<long long>(length), lsh_time, local_time);
}

}  // namespace

void PrintTimes(cudaStream_t stream) {
  for (const int64_t length : {4096, 16384, 65536, 262144}) {
    PrintType<float>("float32", length, stream);
    PrintType<__half>("float16", length, stream);
    PrintType<__nv_bfloat16>("bfloat16", length, stream);
  }
}

}  // namespace twinstream::cuda

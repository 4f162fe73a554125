// On a GPU: every kernel against the plain CPU kernels on random inputs, then times. Needs neither
// ONNX Runtime nor Java.
//
//   cuda_test [CASES]    random cases a type, default 40
//
// Ends with 0 if all is within the bounds, 1 if not, 77 where there is no GPU to run on.
#include <cuda_runtime_api.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cpu/segment_pool.h"
#include "cuda/segment_tasks.h"
#include "cuda/tests/pool_on_device.h"
#include "cuda/tests/run_on_device.h"
#include "cuda/tests/times.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream::cuda {

void Download(void* to, const void* from, size_t bytes) {
  Device::Check(cudaDeviceSynchronize(), "kernels");
  Device::Check(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "copy");
}

namespace {

constexpr int kNoGpu = 77;
// The share of (token, round) that may land in another bucket than the CPU's.
constexpr double kOtherBucketBound = 0.01;

struct Worst {
  double lsh = 0;
  double local = 0;
  double pool = 0;
  int64_t other_buckets = 0;
  int64_t buckets = 0;
};

LshAttributes AttributesFor(Random& random) {
  LshAttributes a;
  a.num_heads = 1 + random.Below(4);
  a.chunk_length = random.Pick({32, 48, 64, 100, 128, 256});
  a.chunks_before = random.Below(3);
  a.chunks_after = random.Below(2);
  a.causal = random.Below(2);
  a.batch_invariant = 1;
  a.min_chunk_length = a.chunk_length;
  a.pad_multiple = a.chunk_length * (1 + random.Below(2));
  a.num_hashes = 1 + random.Below(4);
  a.bucket_limit = 128;
  if (random.Chance(0.5)) a.num_buckets = {random.Pick({16, 32, 128}), random.Pick({8, 34})};
  return a;
}

template <typename T>
void CheckAttention(uint32_t seed, const char* type, cudaStream_t stream, Worst& worst) {
  Random random(seed);
  const LshAttributes a = AttributesFor(random);
  const int64_t head_size = random.Pick({32, 64, 128});
  std::vector<int64_t> lengths;
  for (int64_t row = random.Below(3); row >= 0; --row) lengths.push_back(1 + random.Below(1500));
  const Batch batch =
      RoundedBatch<T>(RandomBatch(random, lengths, a.num_heads, head_size, random.Chance(0.4)));
  const Rotations rotations = RandomRotations(random, a.num_hashes, a.num_heads, 2, 64, head_size);
  const std::string what =
      std::string(type) + " seed " + std::to_string(seed) + " " + Describe(a, batch);
  const SimdKernels& plain = SupportedKernels().back();
  SerialRunner serial;

  const Attended wanted = RunLsh(a, batch, rotations, plain, serial);
  const Attended forced =
      RunLshOnDevice<T>(a, batch, rotations, stream, true, &wanted.buckets);
  const double error = RelativeError(forced.context, wanted.context);
  worst.lsh = std::max(worst.lsh, error);
  Expect(error <= kErrorBound<T>, "LSH " + what + ": error " + std::to_string(error));
  ExpectSame(forced.buckets, wanted.buckets, "LSH forced buckets " + what);

  const Attended free = RunLshOnDevice<T>(a, batch, rotations, stream);
  int64_t others = 0;
  for (size_t i = 0; i < wanted.buckets.size(); ++i) {
    others += free.buckets[i] != wanted.buckets[i] ? 1 : 0;
  }
  worst.other_buckets += others;
  worst.buckets += static_cast<int64_t>(wanted.buckets.size());
  const double share = static_cast<double>(others) / static_cast<double>(wanted.buckets.size());
  Expect(share <= kOtherBucketBound, "LSH " + what + ": other buckets " + std::to_string(share));
  ExpectSame(RunLshOnDevice<T>(a, batch, rotations, stream).context, free.context,
             "LSH again " + what);

  const Attended wanted_local = RunLocal(a, batch, plain, serial);
  const Attended local = RunLocalOnDevice<T>(a, batch, stream);
  const double local_error = RelativeError(local.context, wanted_local.context);
  worst.local = std::max(worst.local, local_error);
  Expect(local_error <= kErrorBound<T>, "local " + what + ": error " + std::to_string(local_error));

  for (int64_t row = 0; row < batch.rows; ++row) {
    const int64_t own = lengths[static_cast<size_t>(row)];
    const Batch alone = RowOf(batch, row, own);
    const int64_t hidden = batch.heads * batch.head_size;
    const auto cut = [&](const std::vector<float>& context) {
      const auto begin = context.begin() + row * batch.length * hidden;
      return std::vector<float>(begin, begin + own * hidden);
    };
    ExpectSame(RunLshOnDevice<T>(a, alone, rotations, stream, false).context, cut(free.context),
               "LSH alone " + what);
    ExpectSame(RunLocalOnDevice<T>(a, alone, stream).context, cut(local.context),
               "local alone " + what);
  }
}

template <typename T>
void CheckPool(uint32_t seed, const char* type, cudaStream_t stream, Worst& worst) {
  Random random(seed);
  const Pool pool = RandomPool<T>(random, 3000, 512);
  const int64_t segments = CountSegments(pool.ids.data(), pool.batch, pool.length);
  const Pooled wanted = PoolOnCpu(pool, segments);
  const Pooled found = PoolOnDevice<T>(pool, segments, stream);
  const double error = std::max(RelativeError(found.document, wanted.document),
                                RelativeError(found.segments, wanted.segments));
  worst.pool = std::max(worst.pool, error);
  Expect(error <= 1e-5, std::string("pool ") + type + " seed " + std::to_string(seed) +
                            ": error " + std::to_string(error));
}

template <typename T>
void CheckType(const char* type, uint32_t cases, cudaStream_t stream) {
  Worst worst;
  for (uint32_t seed = 0; seed < cases; ++seed) {
    CheckAttention<T>(seed, type, stream, worst);
    CheckPool<T>(seed, type, stream, worst);
  }
  std::printf(
      "%-9s greatest relative Frobenius error: LSH %.1e, local %.1e (bound %.0e), pool %.1e; "
      "%.4f%% of (token, round) in another bucket (bound %.0f%%)\n",
      type, worst.lsh, worst.local, kErrorBound<T>, worst.pool,
      100 * static_cast<double>(worst.other_buckets) /
          static_cast<double>(std::max<int64_t>(worst.buckets, 1)),
      100 * kOtherBucketBound);
}

int Run(uint32_t cases) {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess || count == 0) {
    std::printf("cuda_test: no GPU to run on (%s): nothing was tested\n",
                error != cudaSuccess ? cudaGetErrorString(error) : "none is there");
    return kNoGpu;
  }
  cudaDeviceProp properties{};
  Device::Check(cudaGetDeviceProperties(&properties, 0), "device");
  std::printf("%s, compute capability %d.%d\n", properties.name, properties.major,
              properties.minor);
  cudaStream_t stream = nullptr;
  Device::Check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "stream");
  CheckType<float>("float32", cases, stream);
  CheckType<__half>("float16", cases, stream);
  CheckType<__nv_bfloat16>("bfloat16", cases, stream);
  PrintTimes(stream);
  return Finish("cuda_test");
}

}  // namespace
}  // namespace twinstream::cuda

int main(int count, char** arguments) {
  const int cases = count > 1 ? std::atoi(arguments[1]) : 40;
  if (cases < 1) {
    std::fprintf(stderr, "cuda_test: '%s' is not a number of cases\n", arguments[1]);
    return 1;
  }
  try {
    return twinstream::cuda::Run(static_cast<uint32_t>(cases));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cuda_test: %s\n", error.what());
  }
  return 1;
}

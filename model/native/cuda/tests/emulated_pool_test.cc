// SegmentPool's kernels in the emulator against the CPU's; and a row alone against the same row in
// a batch, to the bit.
#include "cuda/segment_tasks.h"
#include "cuda/tests/pool_on_device.h"
#include "tests/check.h"

namespace twinstream::cuda {
namespace {

template <typename T>
void CheckCase(uint32_t seed, const char* type) {
  Random random(seed);
  const Pool pool = RandomPool<T>(random, 2100, 70);
  const std::string what = std::string("pool ") + type + " seed " + std::to_string(seed);
  const int64_t segments = CountSegments(pool.ids.data(), pool.batch, pool.length);
  Expect(segments == twinstream::CountSegments(OnCpu(pool)), what + ": segments");
  const Pooled wanted = PoolOnCpu(pool, segments);
  const Pooled found = PoolOnDevice<T>(pool, segments, nullptr);
  ExpectNear(found.document, wanted.document, 1e-5, what);
  ExpectNear(found.segments, wanted.segments, 1e-5, what + " segments");
  ExpectSame(PoolOnDevice<T>(pool, 0, nullptr).document, found.document,
             what + " documents alone");

  for (int64_t row = 0; row < pool.batch; ++row) {
    // Alone, and without the positions at its end that count for nothing.
    Pool alone = pool;
    alone.batch = 1;
    while (alone.length > 0 &&
           pool.weights[static_cast<size_t>(row * pool.length + alone.length - 1)] == 0) {
      --alone.length;
    }
    const auto cut = [&](auto& values, const auto& from, int64_t each, int64_t count) {
      const auto begin = from.begin() + row * each;
      values = std::decay_t<decltype(values)>(begin, begin + count);
    };
    cut(alone.states, pool.states, pool.length * pool.width, alone.length * pool.width);
    cut(alone.weights, pool.weights, pool.length, alone.length);
    cut(alone.ids, pool.ids, pool.length, alone.length);
    const Pooled one = PoolOnDevice<T>(alone, segments, nullptr);
    Pooled own;
    cut(own.document, found.document, pool.output_size, pool.output_size);
    cut(own.segments, found.segments, segments * pool.output_size, segments * pool.output_size);
    ExpectSame(one.document, own.document, what + " alone");
    ExpectSame(one.segments, own.segments, what + " segments alone");
  }
}

void CheckRejects() {
  const std::vector<int64_t> below = {0, -3};
  ExpectRejected([&] { CountSegments(below.data(), 1, 2); },
                 {"segment_ids[0, 1]", "-3", "-1 to 65535"});
  const std::vector<int64_t> above = {0, 0, 65536, 0};
  ExpectRejected([&] { CountSegments(above.data(), 2, 2); }, {"segment_ids[1, 0]", "65536"});
}

}  // namespace
}  // namespace twinstream::cuda

// With an argument: that many cases a type.
int main(int count, char** arguments) {
  const uint32_t cases = count > 1 ? static_cast<uint32_t>(std::stoul(arguments[1])) : 12;
  for (uint32_t seed = 0; seed < cases; ++seed) {
    twinstream::cuda::CheckCase<float>(seed, "float32");
    twinstream::cuda::CheckCase<__half>(seed + 1000, "float16");
    twinstream::cuda::CheckCase<__nv_bfloat16>(seed + 2000, "bfloat16");
  }
  twinstream::cuda::CheckRejects();
  return twinstream::Finish("emulated_pool_test");
}

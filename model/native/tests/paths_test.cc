// Every SIMD path beside the plain one, at the sizes that models have: head sizes 32, 64 and 128,
// chunks of 32 to 256, 1 to 8 rounds, masks with holes, causal or not, batches. Buckets are the
// same to the bit; contexts differ by rounding alone.
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

// Multiplications of one LSH call, roughly: what bounds a case's time.
double Work(const LshAttributes& a, const std::vector<int64_t>& lengths, int64_t head_size) {
  double tokens = 0;
  for (const int64_t length : lengths) tokens += static_cast<double>(length);
  const int64_t window = a.chunk_length * (a.chunks_before + 1 + a.chunks_after);
  return tokens * static_cast<double>(a.num_heads * a.num_hashes * window * 2 * head_size);
}

struct Case {
  LshAttributes attributes;
  int64_t head_size = 0;
  std::vector<int64_t> lengths;
};

Case RandomCase(Random& random) {
  constexpr double kMostWork = 4e7;
  for (;;) {
    Case c;
    LshAttributes& a = c.attributes;
    a.num_heads = 1 + random.Below(3);
    a.chunk_length = random.Pick({32, 48, 64, 128, 256});
    a.chunks_before = random.Below(3);
    a.chunks_after = random.Below(2);
    a.causal = random.Below(2);
    a.min_chunk_length = random.Chance(0.5) ? a.chunk_length : a.chunk_length / 2;
    a.pad_multiple = a.chunk_length * (1 + random.Below(2));
    a.num_hashes = 1 + random.Below(8);
    a.bucket_limit = random.Pick({8, 128});
    if (random.Chance(0.5)) a.num_buckets = {random.Pick({4, 16, 128})};
    if (random.Chance(0.2)) a.num_buckets = {16, 32};
    if (random.Chance(0.3)) a.within_bucket = random.Below(2);
    if (random.Chance(0.3)) a.count_keys_once = random.Below(2);
    c.head_size = random.Pick({32, 64, 128});
    for (int64_t row = random.Below(3); row >= 0; --row) {
      c.lengths.push_back(1 + random.Below(a.chunk_length * random.Pick({1, 2, 5})));
    }
    if (Work(a, c.lengths, c.head_size) <= kMostWork) return c;
  }
}

void CheckAttention(uint32_t seed) {
  Random random(seed);
  const Case c = RandomCase(random);
  const LshAttributes& a = c.attributes;
  const Batch batch =
      RandomBatch(random, c.lengths, a.num_heads, c.head_size, random.Chance(0.5));
  const Rotations rotations =
      RandomRotations(random, a.num_hashes, a.num_heads, 2, 64, c.head_size);
  SerialRunner serial;
  ThreadRunner threads(2);
  const SimdKernels& plain = SupportedKernels().back();
  const Attended lsh = RunLsh(a, batch, rotations, plain, serial);
  const Attended local = RunLocal(a, batch, plain, serial);
  for (const SimdKernels& kernels : SupportedKernels()) {
    if (&kernels == &plain) continue;
    const std::string what = std::string(" on ") + kernels.name + ", seed " +
                             std::to_string(seed) + " " + Describe(a, batch);
    const Attended found = RunLsh(a, batch, rotations, kernels, threads);
    ExpectSame(found.buckets, lsh.buckets, "LSH buckets" + what);
    ExpectNear(found.context, lsh.context, 5e-5, "LSH" + what);
    ExpectNear(RunLocal(a, batch, kernels, threads).context, local.context, 5e-5, "local" + what);
  }
}

}  // namespace
}  // namespace twinstream

int main(int count, char** arguments) {
  using namespace twinstream;
  const uint32_t step = CaseStep(count, arguments);
  for (uint32_t seed = 0; seed < 120; seed += step) CheckAttention(seed);
  std::string names;
  for (const SimdKernels& kernels : SupportedKernels()) names += std::string(" ") + kernels.name;
  std::printf("paths compared:%s\n", names.c_str());
  return Finish("paths_test");
}

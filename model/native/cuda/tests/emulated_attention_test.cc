// The attention kernels, thread by thread in the emulator, against the plain CPU kernels: random
// shapes, masks with holes, rings shorter than windows, one and several rounds, all three types;
// and a row alone against the same row in a batch, to the bit.
#include "cuda/tests/run_on_device.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream::cuda {
namespace {

const SimdKernels& Plain() { return SupportedKernels().back(); }

LshAttributes AttributesFor(Random& random) {
  LshAttributes a;
  a.num_heads = 1 + random.Below(2);
  a.chunk_length = random.Pick({8, 32, 33, 64, 80});
  a.chunks_before = random.Below(3);
  a.chunks_after = random.Below(2);
  a.causal = random.Below(2);
  a.batch_invariant = random.Below(2);
  a.min_chunk_length = random.Chance(0.5) ? a.chunk_length : (a.chunk_length + 1) / 2;
  a.pad_multiple = a.chunk_length * (1 + random.Below(2));
  a.num_hashes = 1 + random.Below(3);
  a.bucket_limit = random.Pick({2, 8, 128});
  if (random.Chance(0.6)) {
    const int64_t factors = 1 + random.Below(2);
    for (int64_t f = 0; f < factors; ++f) a.num_buckets.push_back(random.Pick({2, 6, 34, 70}));
  }
  return a;
}

template <typename T>
void CheckCase(uint32_t seed, const char* type) {
  Random random(seed);
  const LshAttributes a = AttributesFor(random);
  const int64_t head_size = random.Pick({32, 64, 128});
  std::vector<int64_t> lengths;
  for (int64_t row = random.Below(2); row >= 0; --row) {
    const int64_t longest = a.chunk_length * random.Pick({1, 2, 3}) + random.Below(3);
    lengths.push_back(random.Chance(0.1) ? 0 : std::max<int64_t>(1, longest - random.Below(9)));
  }
  int64_t length = 0;
  for (const int64_t l : lengths) length = std::max(length, l + random.Below(3));
  const Batch batch = RoundedBatch<T>(
      RandomBatch(random, lengths, a.num_heads, head_size, random.Chance(0.4), length));
  const Rotations rotations =
      RandomRotations(random, a.num_hashes + random.Below(2), a.num_heads, 2, 36, head_size);
  const std::string what =
      std::string(type) + " seed " + std::to_string(seed) + " " + Describe(a, batch);

  SerialRunner serial;
  const Attended wanted = RunLsh(a, batch, rotations, Plain(), serial);
  const Attended found = RunLshOnDevice<T>(a, batch, rotations, nullptr);
  // The same bits as on the CPU, so nothing need be forced.
  ExpectSame(found.buckets, wanted.buckets, "LSH buckets " + what);
  const double error = RelativeError(found.context, wanted.context);
  Expect(error <= kErrorBound<T>, "LSH " + what + ": error " + std::to_string(error));
  const Attended forced =
      RunLshOnDevice<T>(a, batch, rotations, nullptr, false, &wanted.buckets);
  ExpectSame(forced.context, found.context, "LSH forced " + what);

  const Attended wanted_local = RunLocal(a, batch, Plain(), serial);
  const Attended found_local = RunLocalOnDevice<T>(a, batch, nullptr);
  const double local_error = RelativeError(found_local.context, wanted_local.context);
  Expect(local_error <= kErrorBound<T>, "local " + what + ": error " + std::to_string(local_error));

  if (a.batch_invariant == 0) return;
  for (int64_t row = 0; row < batch.rows; ++row) {
    const int64_t own = lengths[static_cast<size_t>(row)];
    if (own == 0) continue;
    const Batch alone = RowOf(batch, row, own);
    const int64_t hidden = batch.heads * batch.head_size;
    const auto cut = [&](const std::vector<float>& context) {
      const auto begin = context.begin() + row * batch.length * hidden;
      return std::vector<float>(begin, begin + own * hidden);
    };
    ExpectSame(RunLshOnDevice<T>(a, alone, rotations, nullptr, false).context, cut(found.context),
               "LSH alone " + what);
    ExpectSame(RunLocalOnDevice<T>(a, alone, nullptr).context, cut(found_local.context),
               "local alone " + what);
  }
}

}  // namespace
}  // namespace twinstream::cuda

// With an argument: that many cases a type.
int main(int count, char** arguments) {
  const uint32_t cases = count > 1 ? static_cast<uint32_t>(std::stoul(arguments[1])) : 8;
  for (uint32_t seed = 0; seed < cases; ++seed) {
    twinstream::cuda::CheckCase<float>(seed, "float32");
    twinstream::cuda::CheckCase<__half>(seed + 1000, "float16");
    twinstream::cuda::CheckCase<__nv_bfloat16>(seed + 2000, "bfloat16");
  }
  return twinstream::Finish("emulated_attention_test");
}

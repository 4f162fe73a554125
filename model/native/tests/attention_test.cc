// Both attention ops against the plain reference: random shapes, every SIMD path, serial and
// threaded, with and without the optional tensors, masks with holes, rings shorter than windows.
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

// What a masked position holds must not matter, but the reference multiplies it by zero.
Batch WithoutNaN(Batch batch) {
  for (auto* values : {&batch.query, &batch.key, &batch.value}) {
    for (float& value : *values) value = std::isnan(value) ? 0 : value;
  }
  return batch;
}

void CheckCase(uint32_t seed) {
  Random random(seed);
  const LshAttributes a = RandomAttributes(random);
  const int64_t head_size = random.Pick({1, 5, 8, 16, 32, 40, 64});
  std::vector<int64_t> lengths;
  for (int64_t row = random.Below(3); row >= 0; --row) {
    const int64_t longest = a.chunk_length * random.Pick({1, 2, 3, 6}) + random.Below(3);
    lengths.push_back(random.Chance(0.1) ? 0 : std::max<int64_t>(1, longest - random.Below(5)));
  }
  int64_t length = 0;
  for (const int64_t l : lengths) length = std::max(length, l + random.Below(3));
  // The reference's own behaviour is defined for padded lengths only.
  if (a.batch_invariant == 0 && length > a.min_chunk_length) {
    length = (length + a.pad_multiple - 1) / a.pad_multiple * a.pad_multiple;
  }
  const Batch batch =
      RandomBatch(random, lengths, a.num_heads, head_size, random.Chance(0.4), length);
  const Batch clean = WithoutNaN(batch);
  const Rotations rotations = RandomRotations(random, a.num_hashes + random.Below(2), a.num_heads,
                                              4, 70 + random.Below(3), head_size);
  const std::string what = "seed " + std::to_string(seed) + " " + Describe(a, batch);
  const Attended lsh = ReferenceLsh(a, clean, rotations);
  const Attended local = ReferenceLocal(a, clean);
  SerialRunner serial;
  ThreadRunner threads(3);
  for (const SimdKernels& kernels : SupportedKernels()) {
    const std::string on = std::string(" on ") + kernels.name;
    const Attended found = RunLsh(a, batch, rotations, kernels, serial);
    ExpectSame(found.buckets, lsh.buckets, "LSH buckets " + what + on);
    ExpectNear(found.context, lsh.context, 5e-5, "LSH " + what + on);
    const Attended threaded = RunLsh(a, batch, rotations, kernels, threads, false);
    ExpectSame(threaded.context, found.context, "LSH threads " + what + on);
    const Attended forced =
        RunLsh(a, batch, rotations, kernels, serial, true, &found.buckets);
    ExpectSame(forced.context, found.context, "LSH forced " + what + on);
    ExpectSame(forced.buckets, found.buckets, "LSH forced buckets " + what + on);

    const Attended found_local = RunLocal(a, batch, kernels, serial);
    ExpectNear(found_local.context, local.context, 5e-5, "local " + what + on);
    ExpectSame(RunLocal(a, batch, kernels, threads).context, found_local.context,
               "local threads " + what + on);
  }
}

}  // namespace
}  // namespace twinstream

int main(int count, char** arguments) {
  const uint32_t step = twinstream::CaseStep(count, arguments);
  for (uint32_t seed = 0; seed < 250; seed += step) twinstream::CheckCase(seed);
  return twinstream::Finish("attention_test");
}

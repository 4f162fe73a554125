// A row's result is the same to the bit alone and in any batch, at the lengths where padding and
// chunking change, with two layers of unequal chunk lengths.
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

constexpr int64_t kHeads = 2;
constexpr int64_t kHeadSize = 16;
constexpr int64_t kChunks[] = {8, 12};
constexpr int64_t kSmallest = 8;
constexpr int64_t kMultiple = 24;

std::vector<float> Cut(const std::vector<float>& context, const Batch& batch, int64_t row,
                       int64_t length) {
  const int64_t hidden = batch.heads * batch.head_size;
  const auto begin = context.begin() + row * batch.length * hidden;
  return std::vector<float>(begin, begin + length * hidden);
}

void CheckLayer(int64_t chunk_length, bool holes, int64_t causal, const SimdKernels& kernels) {
  Random random(static_cast<uint32_t>(chunk_length + causal));
  const std::vector<int64_t> lengths = {1,  7,  kSmallest, kSmallest + 1, 12, 13,
                                        23, 24, 25,        47,            49, 100};
  const Batch batch = RandomBatch(random, lengths, kHeads, kHeadSize, holes, 111);
  const Rotations rotations = RandomRotations(random, 2, kHeads, 2, 16, kHeadSize);
  LshAttributes a;
  a.num_heads = kHeads;
  a.chunk_length = chunk_length;
  a.causal = causal;
  a.min_chunk_length = kSmallest;
  a.pad_multiple = kMultiple;
  a.num_hashes = 2;
  a.bucket_limit = 8;
  ThreadRunner threads(2);
  SerialRunner serial;
  const Attended lsh = RunLsh(a, batch, rotations, kernels, threads);
  const Attended local = RunLocal(a, batch, kernels, threads);
  for (int64_t row = 0; row < batch.rows; ++row) {
    const int64_t length = lengths[static_cast<size_t>(row)];
    const std::string what = std::string(kernels.name) + " chunk " + ToText(chunk_length) +
                             " length " + ToText(length);
    const Batch alone = RowOf(batch, row, length);
    ExpectSame(RunLsh(a, alone, rotations, kernels, serial).context,
               Cut(lsh.context, batch, row, length), "LSH alone " + what);
    ExpectSame(RunLocal(a, alone, kernels, serial).context,
               Cut(local.context, batch, row, length), "local alone " + what);
  }
}

}  // namespace
}  // namespace twinstream

int main() {
  for (const twinstream::SimdKernels& kernels : twinstream::SupportedKernels()) {
    for (const int64_t chunk_length : twinstream::kChunks) {
      for (const bool holes : {false, true}) {
        for (const int64_t causal : {0, 1}) {
          twinstream::CheckLayer(chunk_length, holes, causal, kernels);
        }
      }
    }
  }
  return twinstream::Finish("invariance_test");
}

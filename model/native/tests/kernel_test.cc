// The pieces: hashing to the bit on every path, ties, values that are not numbers, sorting, and the
// ring's slicing.
#include <algorithm>
#include <limits>

#include "cpu/aligned_buffer.h"
#include "cpu/bucket_sort.h"
#include "cpu/chunk_ring.h"
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

std::vector<int32_t> HashOn(const SimdKernels& kernels, const std::vector<float>& states,
                            size_t tokens, size_t head_size, const std::vector<float>& columns,
                            size_t stride, size_t half) {
  std::vector<int32_t> buckets(tokens, 0);
  kernels.hash({head_size, tokens, states.data(), head_size, columns.data(), stride, half, 1, false,
                buckets.data()});
  return buckets;
}

void CheckHash() {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const auto tokens = static_cast<size_t>(1 + random.Below(40));
    const auto head_size = static_cast<size_t>(random.Pick({1, 3, 16, 64, 100}));
    const auto half = static_cast<size_t>(1 + random.Below(150));
    const size_t stride = RoundUp(half, kLineFloats);
    const auto states = random.Normal(static_cast<int64_t>(tokens * head_size), 1);
    std::vector<float> columns(head_size * stride, 0.0f);
    for (size_t k = 0; k < head_size; ++k) {
      for (size_t c = 0; c < half; ++c) columns[k * stride + c] = random.Normal(1, 1)[0];
    }
    const SimdKernels& plain = SupportedKernels().back();
    const auto wanted = HashOn(plain, states, tokens, head_size, columns, stride, half);
    for (const SimdKernels& kernels : SupportedKernels()) {
      ExpectSame(HashOn(kernels, states, tokens, head_size, columns, stride, half), wanted,
                 std::string("hash on ") + kernels.name + " seed " + std::to_string(seed));
    }
  }
}

void CheckTies() {
  // All columns alike: [x, ..., x, -x, ..., -x]. The lowest index among the greatest must win.
  const size_t stride = 48;
  const size_t half = 37;
  std::vector<float> columns(stride, 0.0f);
  std::fill_n(columns.begin(), half, 1.0f);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const SimdKernels& kernels : SupportedKernels()) {
    const auto buckets = HashOn(kernels, {1, -1, 0, nan, -INFINITY}, 5, 1, columns, stride, half);
    const std::vector<int32_t> wanted = {0, 37, 0, 0, 37};
    ExpectSame(buckets, wanted, std::string("ties on ") + kernels.name);
  }
}

void CheckSort() {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const auto bucket_count = static_cast<int32_t>(random.Pick({2, 8, 1000, 1000000}));
    std::vector<int32_t> members;
    std::vector<int32_t> buckets;
    for (int32_t position = 0; position < 200; ++position) {
      buckets.push_back(static_cast<int32_t>(random.Below(bucket_count)));
      if (random.Chance(0.8)) members.push_back(position);
    }
    std::vector<int32_t> wanted = members;
    std::stable_sort(wanted.begin(), wanted.end(),
                     [&](int32_t a, int32_t b) { return buckets[a] < buckets[b]; });
    std::vector<int32_t> found(members.size());
    SortByBucket(members, buckets.data(), bucket_count, found.data());
    ExpectSame(found, wanted, "sort of " + std::to_string(bucket_count) + " buckets");
  }
}

void CheckRing() {
  const ChunkRing ring = ChunkRing::Sorted(nullptr, 0, 3, 1, 4);
  Expect(ring.Neighbour(0, -1) == 2, "the first chunk sees the last");
  Expect(ring.Neighbour(2, 1) == 0, "the last chunk sees the first");
  Expect(ring.Neighbour(1, -2) == 2, "a shift of two");
  Expect(ring.Neighbour(1, 3) == 1 && ring.Neighbour(1, -4) == 1, "no shift past the ring");
}

// Nothing real at all, or nothing but NaN: any result will do, a crash will not.
void CheckEmptyAndNaN() {
  Random random(1);
  LshAttributes a;
  a.num_heads = 2;
  a.chunk_length = 4;
  a.min_chunk_length = 4;
  a.pad_multiple = 4;
  a.num_hashes = 2;
  a.num_buckets = {4};
  const Rotations rotations = RandomRotations(random, 2, 2, 1, 2, 8);
  SerialRunner serial;
  for (const SimdKernels& kernels : SupportedKernels()) {
    for (const std::vector<int64_t>& lengths :
         {std::vector<int64_t>{}, {0}, {0, 0}, {17}, {0, 9}}) {
      Batch batch = RandomBatch(random, lengths, 2, 8, false);
      std::fill(batch.query.begin(), batch.query.end(), NAN);
      for (const int64_t invariant : {0, 1}) {
        a.batch_invariant = invariant;
        RunLsh(a, batch, rotations, kernels, serial);
        RunLocal(a, batch, kernels, serial);
      }
    }
  }
}

}  // namespace
}  // namespace twinstream

int main() {
  twinstream::CheckHash();
  twinstream::CheckTies();
  twinstream::CheckSort();
  twinstream::CheckRing();
  twinstream::CheckEmptyAndNaN();
  return twinstream::Finish("kernel_test");
}

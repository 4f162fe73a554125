// What the GPU works out about a row against what the CPU plans: lengths, rounds, buckets, and the
// ring of chunks, slot by slot. And what the GPU refuses.
#include "cuda/row_shape.h"

#include "cpu/chunk_ring.h"
#include "ops/row_plan.h"
#include "tests/cases.h"
#include "tests/check.h"

namespace twinstream::cuda {
namespace {

AttentionSizes Sizes(int64_t length, int64_t head_size) {
  return {1, length, 2 * head_size, head_size};
}

void CheckRing(const RowRules& rules, const RowShape& shape, const std::string& what) {
  // Slots as members, so that the CPU's ring hands them out.
  std::vector<int32_t> slots;
  for (int32_t round = 0; round < shape.rounds; ++round) {
    for (int32_t slot = 0; slot < shape.padded; ++slot) slots.push_back(slot);
  }
  const ChunkRing ring = ChunkRing::Sorted(slots.data(), shape.padded, shape.chunks, shape.rounds,
                                           rules.chunk_length);
  for (int32_t chunk = 0; chunk < shape.chunks * shape.rounds; ++chunk) {
    int32_t key = 0;
    for (int64_t shift = -rules.chunks_before; shift <= rules.chunks_after; ++shift) {
      const int64_t seen = ring.Neighbour(chunk, shift);
      const Members members = ring.At(seen);
      for (int64_t i = 0; i < members.count; ++i, ++key) {
        const WindowSlot at(rules, shape, chunk, key);
        Expect(at.round == seen / shape.chunks && at.slot == members.positions[i],
               "the slot of key " + ToText(key) + " of chunk " + ToText(chunk) + " " + what);
      }
    }
  }
}

void CheckCase(uint32_t seed) {
  Random random(seed);
  LshAttributes a = RandomAttributes(random);
  a.num_heads = 2;
  a.full_attention_below = 0;  // refused on the GPU
  const int64_t length = 1 + random.Below(400);
  std::vector<int64_t> mask;
  RowMask in_short{0, 0};
  for (int32_t t = 0; t < length; ++t) {
    mask.push_back(random.Chance(0.4) ? 1 : 0);
    if (mask.back() == 0) continue;
    in_short.last = t + 1;
    ++in_short.members;
  }
  const std::string what = "seed " + std::to_string(seed);
  const RowRules rules = MakeRules(a, Sizes(length, 32));
  const RowPlan wanted = PlanRow(a, mask.data(), length, 0);
  const RowShape found(rules, in_short);
  Expect(found.length == wanted.length && found.padded == wanted.padded &&
             found.chunked == wanted.chunked,
         "the shape of the row " + what);
  if (!wanted.chunked) {
    Expect(found.rounds == 1 && found.chunks == 1, "one chunk, one round " + what);
    return;
  }
  const BucketPlan buckets = PlanBuckets(a, wanted.padded);
  const BucketFactors factors(rules, found.padded);
  std::vector<int32_t> own;
  for (int32_t i = 0; i < factors.count; ++i) own.push_back(factors.At(rules, i));
  ExpectSame(own, buckets.factors, "factors " + what);
  Expect(factors.buckets == buckets.count, "buckets " + what);
  Expect(MostBuckets(rules, {1, 2, 4, 1 << 20, 32}) >= factors.buckets, "most buckets " + what);
  CheckRing(rules, found, what);
}

void CheckRejects() {
  LshAttributes a;
  a.num_heads = 2;
  a.chunk_length = a.min_chunk_length = a.pad_multiple = 64;
  a.num_hashes = 2;
  a.bucket_limit = 128;
  ExpectRejected([&] { MakeRules(a, Sizes(100, 40)); }, {"head size", "40", "32, 64 or 128"});
  const RowRules rules = MakeRules(a, Sizes(16384, 32));
  Expect(MostBuckets(rules, {2, 2, 2, 64, 32}) == 512, "512 buckets, 64 columns for shorter rows");
  ExpectRejected([&] { MostBuckets(rules, {2, 2, 2, 16, 32}); }, {"columns", "16", "64", "128"});
  ExpectRejected([&] { MostBuckets(rules, {2, 2, 1, 64, 32}); }, {"factors", "1", "at least 2"});
  Expect(MostBuckets(MakeRules(a, Sizes(64, 32)), {2, 2, 0, 0, 32}) == 0, "nothing to hash");
  a.num_buckets = {2, 2, 2, 2, 2, 2, 2, 2, 2};
  ExpectRejected([&] { MakeRules(a, Sizes(100, 32)); }, {"num_buckets", "9", "at most 8"});
  CheckOptions(a);
  a.within_bucket = 1;
  ExpectRejected([&] { CheckOptions(a); }, {"within_bucket is 1", "0 on the GPU"});
  a.within_bucket = 0;
  a.count_keys_once = 1;
  ExpectRejected([&] { CheckOptions(a); }, {"count_keys_once is 1", "0 on the GPU"});
  a.count_keys_once = 0;
  a.full_attention_below = 512;
  ExpectRejected([&] { CheckOptions(a); }, {"full_attention_below is 512", "0 on the GPU"});
  a.chunks_before = 512;
  a.chunk_length = a.min_chunk_length = a.pad_multiple = int64_t{1} << 30;
  ExpectRejected([&] { MakeRules(a, Sizes(100, 32)); }, {"window", "at most 1073741823"});
}

}  // namespace
}  // namespace twinstream::cuda

int main() {
  for (uint32_t seed = 0; seed < 300; ++seed) twinstream::cuda::CheckCase(seed);
  twinstream::cuda::CheckRejects();
  return twinstream::Finish("row_shape_test");
}

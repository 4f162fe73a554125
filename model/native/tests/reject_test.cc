// Wrong attributes, shapes and values: each is refused with its name, what it is and what it should
// be. (The ONNX Runtime glue turns these into statuses; the Java tests see them there.)
#include <limits>

#include "ops/check_shapes.h"
#include "ops/row_plan.h"
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

LshAttributes Good() {
  LshAttributes a;
  a.num_heads = 2;
  a.chunk_length = 4;
  a.min_chunk_length = 4;
  a.pad_multiple = 8;
  a.num_hashes = 2;
  a.num_buckets = {4, 2};
  return a;
}

template <typename Change>
void ExpectBad(const Change& change, const std::vector<std::string>& parts) {
  LshAttributes a = Good();
  change(a);
  ExpectRejected([&] { Validate(a); }, parts);
}

void CheckAttributes() {
  Validate(Good());
  ExpectBad([](auto& a) { a.num_heads = 0; }, {"num_heads is 0", "1 to"});
  ExpectBad([](auto& a) { a.chunk_length = 0; }, {"chunk_length is 0"});
  ExpectBad([](auto& a) { a.chunk_length = -5; }, {"chunk_length is -5"});
  ExpectBad([](auto& a) { a.chunks_before = -1; }, {"chunks_before is -1", "0 to"});
  ExpectBad([](auto& a) { a.chunks_after = 1000000; }, {"chunks_after is 1000000"});
  ExpectBad([](auto& a) { a.causal = 2; }, {"causal is 2", "0 to 1"});
  ExpectBad([](auto& a) { a.batch_invariant = -1; }, {"batch_invariant is -1"});
  ExpectBad([](auto& a) { a.min_chunk_length = 5; }, {"min_chunk_length is 5", "at most", "4"});
  ExpectBad([](auto& a) { a.pad_multiple = 6; }, {"pad_multiple is 6", "multiple", "4"});
  ExpectBad([](auto& a) { a.num_hashes = 0; }, {"num_hashes is 0"});
  ExpectBad([](auto& a) { a.within_bucket = 2; }, {"within_bucket is 2", "0 to 1"});
  ExpectBad([](auto& a) { a.count_keys_once = -1; }, {"count_keys_once is -1", "0 to 1"});
  ExpectBad([](auto& a) { a.full_attention_below = -1; }, {"full_attention_below is -1"});
  ExpectBad([](auto& a) { a.num_buckets = {4, 3}; }, {"num_buckets[1] is 3", "even"});
  ExpectBad([](auto& a) { a.num_buckets = {0}; }, {"num_buckets[0] is 0", "even"});
  ExpectBad([](auto& a) { a.num_buckets = {65536, 65536}; }, {"product", "4294967296"});
  ExpectBad([](auto& a) { a.num_buckets = {}; }, {"bucket_limit is 0", "2 to"});
}

void CheckShapes() {
  ExpectRejected([] { CheckStates("value", {2, 3}, 2); }, {"value", "[2, 3]", "three dimensions"});
  ExpectRejected([] { CheckStates("value", {1, 2, 9}, 2); }, {"value is 9", "num_heads, 2"});
  ExpectRejected([] { CheckStates("value", {1, 2, 0}, 2); }, {"value is 0", "num_heads, 2"});
  ExpectRejected([] { CheckSame("mask", {1, 3}, {1, 4}); }, {"mask", "[1, 3]", "[1, 4]"});
  const AttentionSizes sizes = CheckStates("value", {1, 2, 16}, 2);
  const LshAttributes a = Good();
  ExpectRejected([&] { CheckRotations({2, 2, 2, 8}, a, sizes); }, {"[2, 2, 2, 8]", "five"});
  ExpectRejected([&] { CheckRotations({1, 2, 2, 2, 8}, a, sizes); }, {"rounds", "is 1", "2"});
  ExpectRejected([&] { CheckRotations({2, 3, 2, 2, 8}, a, sizes); }, {"heads", "is 3", "2"});
  ExpectRejected([&] { CheckRotations({2, 2, 2, 2, 7}, a, sizes); }, {"head size", "is 7", "8"});
}

void CheckValues() {
  Random random(3);
  SerialRunner serial;
  const SimdKernels& kernels = SupportedKernels().front();
  const LshAttributes a = Good();
  Batch batch = RandomBatch(random, {9}, 2, 8, false);
  const auto run = [&](int64_t factors, int64_t columns, const std::vector<int32_t>* forced) {
    const Rotations rotations = RandomRotations(random, 2, 2, factors, columns, 8);
    RunLsh(a, batch, rotations, kernels, serial, true, forced);
  };
  ExpectRejected([&] { run(1, 2, nullptr); }, {"factors", "is 1", "at least 2"});
  ExpectRejected([&] { run(2, 1, nullptr); }, {"columns", "is 1", "at least 2", "4 buckets"});
  std::vector<int32_t> forced(36, 7);
  run(2, 2, &forced);
  forced[20] = 8;
  ExpectRejected([&] { run(2, 2, &forced); }, {"forced_buckets[0, 1, 0, 2]", "8", "0 to 7"});
  forced[20] = -1;
  ExpectRejected([&] { run(2, 2, &forced); }, {"forced_buckets[0, 1, 0, 2]", "-1", "0 to 7"});
  batch.mask[4] = 2;
  ExpectRejected([&] { run(2, 2, nullptr); }, {"mask[0, 4]", "2", "0 or 1"});
  ExpectRejected([&] { RunLocal(a, batch, kernels, serial); }, {"mask[0, 4]", "2", "0 or 1"});
}

void CheckPlans() {
  LshAttributes a = Good();
  a.num_buckets = {};
  a.bucket_limit = 128;
  a.chunk_length = 64;
  Expect(PlanBuckets(a, 4096).factors == std::vector<int32_t>{128}, "automatic, 4,096");
  Expect(PlanBuckets(a, 8192).factors == std::vector<int32_t>({16, 16}), "automatic, 8,192");
  Expect(PlanBuckets(a, 65536).factors == std::vector<int32_t>({32, 64}), "automatic, 65,536");
  a.chunk_length = 1;
  ExpectRejected([&] { PlanBuckets(a, std::numeric_limits<int32_t>::max()); }, {"automatic"});
}

}  // namespace
}  // namespace twinstream

int main() {
  twinstream::CheckAttributes();
  twinstream::CheckShapes();
  twinstream::CheckValues();
  twinstream::CheckPlans();
  return twinstream::Finish("reject_test");
}

#include "cuda/row_shape.h"

#include <algorithm>
#include <string>

namespace twinstream::cuda {
namespace {

// What the kernels are compiled for.
void CheckHeadSize(int64_t size) {
  if (size != 32 && size != 64 && size != 128) {
    Reject("the head size on the GPU", size, "32, 64 or 128");
  }
}

void CheckColumns(const RowRules& rules, const BucketFactors& factors, const Shape& rotations) {
  if (factors.count > rotations[2]) {
    Reject("the number of factors of rotations", rotations[2],
           "at least " + std::to_string(factors.count));
  }
  for (int32_t i = 0; i < factors.count; ++i) {
    const int32_t factor = factors.At(rules, i);
    if (factor / 2 > rotations[3]) {
      Reject("the number of columns of rotations", rotations[3],
             "at least " + std::to_string(factor / 2) + ", half of " + std::to_string(factor) +
                 " buckets");
    }
  }
}

void CheckAbsent(const char* name, int64_t value) {
  if (value != 0) {
    Reject(std::string("attribute ") + name, value,
           "0 on the GPU, which has no kernel for it: run this model on the CPU");
  }
}

}  // namespace

void CheckOptions(const LshAttributes& attributes) {
  CheckAbsent("within_bucket", attributes.within_bucket);
  CheckAbsent("count_keys_once", attributes.count_keys_once);
  CheckAbsent("full_attention_below", attributes.full_attention_below);
}

RowRules MakeRules(const AttentionAttributes& attributes, const AttentionSizes& sizes) {
  CheckHeadSize(sizes.head_size);
  RowRules rules{};
  rules.length = static_cast<int32_t>(sizes.length);
  rules.chunk_length = static_cast<int32_t>(attributes.chunk_length);
  rules.chunks_before = static_cast<int32_t>(attributes.chunks_before);
  rules.chunks_after = static_cast<int32_t>(attributes.chunks_after);
  rules.min_chunk_length = static_cast<int32_t>(attributes.min_chunk_length);
  rules.pad_multiple = static_cast<int32_t>(attributes.pad_multiple);
  rules.rounds = 1;
  rules.batch_invariant = attributes.batch_invariant != 0;
  rules.causal = attributes.causal != 0;
  const int64_t window = attributes.chunks_before + 1 + attributes.chunks_after;
  if (window * attributes.chunk_length > std::numeric_limits<int32_t>::max() / 2) {
    Reject("the keys of a window", window * attributes.chunk_length, "at most 1073741823");
  }
  return rules;
}

RowRules MakeRules(const LshAttributes& attributes, const AttentionSizes& sizes) {
  RowRules rules = MakeRules(static_cast<const AttentionAttributes&>(attributes), sizes);
  rules.rounds = static_cast<int32_t>(attributes.num_hashes);
  if (attributes.num_buckets.size() > kMostFactors) {
    Reject("the number of factors in num_buckets on the GPU", attributes.num_buckets.size(),
           "at most " + std::to_string(kMostFactors));
  }
  rules.factor_count = static_cast<int32_t>(attributes.num_buckets.size());
  for (size_t i = 0; i < attributes.num_buckets.size(); ++i) {
    rules.factors[i] = static_cast<int32_t>(attributes.num_buckets[i]);
  }
  rules.bucket_limit = attributes.bucket_limit;
  const RowShape longest(rules, {rules.length, rules.length});
  const int64_t ring = int64_t{longest.chunks} * rules.rounds;
  if (ring > std::numeric_limits<int32_t>::max() / 2) {
    Reject("the chunks of all rounds", ring, "at most 1073741823");
  }
  return rules;
}

int64_t MostBuckets(const RowRules& rules, const Shape& rotations) {
  const RowShape longest(rules, {rules.length, rules.length});
  if (!longest.chunked) return 0;
  int64_t most = 0;
  // Automatic factors change where the padded length doubles; shorter rows may need more columns.
  for (int64_t padded = longest.padded; padded > rules.chunk_length; padded /= 2) {
    const BucketFactors factors(rules, padded);
    CheckColumns(rules, factors, rotations);
    most = std::max(most, factors.buckets);
    if (rules.factor_count > 0) break;
  }
  return most;
}

}  // namespace twinstream::cuda

#include "tests/cases.h"

#include <algorithm>
#include <cmath>

#include "cpu/local_attention.h"
#include "cpu/lsh_attention.h"
#include "ops/invalid_input.h"

namespace twinstream {

std::vector<float> Random::Normal(int64_t size, float scale) {
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(static_cast<size_t>(size));
  for (float& value : values) value = normal(engine_);
  return values;
}

Batch RandomBatch(Random& random, const std::vector<int64_t>& lengths, int64_t heads,
                  int64_t head_size, bool holes, int64_t length) {
  Batch batch;
  batch.rows = static_cast<int64_t>(lengths.size());
  batch.length = length;
  for (const int64_t l : lengths) batch.length = std::max(batch.length, l);
  batch.heads = heads;
  batch.head_size = head_size;
  const int64_t size = batch.rows * batch.length * heads * head_size;
  batch.query = random.Normal(size, 2);
  batch.key = random.Normal(size, 2);
  batch.value = random.Normal(size, 1);
  for (const int64_t l : lengths) {
    for (int64_t t = 0; t < batch.length; ++t) {
      batch.mask.push_back(t < l && !(holes && t + 1 < l && random.Chance(0.25)) ? 1 : 0);
    }
  }
  // Whatever stands at a masked position must not matter.
  for (int64_t i = 0; i < size; ++i) {
    if (batch.mask[static_cast<size_t>(i / (heads * head_size))] == 0) {
      batch.query[i] = batch.key[i] = batch.value[i] = NAN;
    }
  }
  return batch;
}

Rotations RandomRotations(Random& random, int64_t rounds, int64_t heads, int64_t factors,
                          int64_t columns, int64_t head_size) {
  return {{rounds, heads, factors, columns, head_size},
          random.Normal(rounds * heads * factors * columns * head_size, 1)};
}

LshAttributes RandomAttributes(Random& random) {
  LshAttributes a;
  a.num_heads = 1 + random.Below(3);
  a.chunk_length = random.Pick({1, 3, 4, 8, 16, 64, 70});
  a.chunks_before = random.Below(4);
  a.chunks_after = random.Below(3);
  a.causal = random.Below(2);
  a.batch_invariant = random.Below(2);
  a.min_chunk_length = random.Chance(0.5) ? a.chunk_length : (a.chunk_length + 1) / 2;
  a.pad_multiple = a.chunk_length * (1 + random.Below(3));
  a.num_hashes = 1 + random.Below(4);
  a.bucket_limit = random.Pick({2, 8, 128});
  if (random.Chance(0.7)) {
    const int64_t factors = 1 + random.Below(3);
    for (int64_t f = 0; f < factors; ++f) a.num_buckets.push_back(random.Pick({2, 4, 6, 34, 140}));
  }
  if (random.Chance(0.4)) {
    a.within_bucket = random.Below(2);
    a.count_keys_once = random.Below(2);
    a.full_attention_below = random.Chance(0.3) ? a.pad_multiple : 0;
  }
  return a;
}

Attended RunLsh(const LshAttributes& a, const Batch& batch, const Rotations& rotations,
                const SimdKernels& kernels, TaskRunner& runner, bool want_buckets,
                const std::vector<int32_t>* forced) {
  Attended result;
  // What the op leaves unwritten would show.
  result.context.assign(batch.query.size(), 12345.0f);
  if (want_buckets) {
    result.buckets.assign(
        static_cast<size_t>(batch.rows * batch.heads * a.num_hashes * batch.length), 12345);
  }
  LshTensors t;
  t.sizes = {batch.rows, batch.length, batch.heads * batch.head_size, batch.head_size};
  t.query_key = batch.query.data();
  t.value = batch.value.data();
  t.mask = batch.mask.data();
  t.rotations = rotations.values.data();
  t.rotation_shape = rotations.shape;
  t.forced_buckets = forced == nullptr ? nullptr : forced->data();
  t.context = result.context.data();
  t.buckets = want_buckets ? result.buckets.data() : nullptr;
  LshAttention(a, t, kernels, runner);
  return result;
}

Attended RunLocal(const AttentionAttributes& a, const Batch& batch, const SimdKernels& kernels,
                  TaskRunner& runner) {
  Attended result;
  result.context.assign(batch.query.size(), 12345.0f);
  LocalTensors t;
  t.sizes = {batch.rows, batch.length, batch.heads * batch.head_size, batch.head_size};
  t.query = batch.query.data();
  t.key = batch.key.data();
  t.value = batch.value.data();
  t.mask = batch.mask.data();
  t.context = result.context.data();
  LocalAttention(a, t, kernels, runner);
  return result;
}

Batch RowOf(const Batch& batch, int64_t row, int64_t length) {
  Batch alone = batch;
  alone.rows = 1;
  alone.length = length;
  const int64_t hidden = batch.heads * batch.head_size;
  const auto cut = [&](auto& values, int64_t each) {
    const auto begin = values.begin() + row * batch.length * each;
    values = std::decay_t<decltype(values)>(begin, begin + length * each);
  };
  cut(alone.query, hidden);
  cut(alone.key, hidden);
  cut(alone.value, hidden);
  cut(alone.mask, 1);
  return alone;
}

std::string Describe(const LshAttributes& a, const Batch& batch) {
  return "B=" + ToText(batch.rows) + " L=" + ToText(batch.length) + " D=" +
         ToText(batch.head_size) + " heads=" + ToText(a.num_heads) + " chunk=" +
         ToText(a.chunk_length) + " before=" + ToText(a.chunks_before) + " after=" +
         ToText(a.chunks_after) + " causal=" + ToText(a.causal) + " invariant=" +
         ToText(a.batch_invariant) + " min=" + ToText(a.min_chunk_length) + " pad=" +
         ToText(a.pad_multiple) + " rounds=" + ToText(a.num_hashes) + " buckets=" +
         ToText(a.num_buckets) + " within=" + ToText(a.within_bucket) + " once=" +
         ToText(a.count_keys_once) + " full=" + ToText(a.full_attention_below);
}

}  // namespace twinstream

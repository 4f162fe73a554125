// The attributes of the attention ops, as numbers, and the rules that they must keep. Shared by
// every provider's kernels, so it knows nothing of ONNX Runtime.
#ifndef TWINSTREAM_OPS_ATTRIBUTES_H_
#define TWINSTREAM_OPS_ATTRIBUTES_H_

#include <cstdint>
#include <vector>

namespace twinstream {

struct AttentionAttributes {
  int64_t num_heads = 0;
  int64_t chunk_length = 0;
  int64_t chunks_before = 1;
  int64_t chunks_after = 0;
  int64_t causal = 0;
  int64_t batch_invariant = 1;
  // Over all layers of the model, so that every layer pads a row to the same length.
  int64_t min_chunk_length = 0;
  int64_t pad_multiple = 0;
  // Rows up to this padded length attend in full; LSH only, and not in the reference.
  int64_t full_attention_below = 0;
};

struct LshAttributes : AttentionAttributes {
  int64_t num_hashes = 1;
  std::vector<int64_t> num_buckets;  // one entry a factor; empty = automatic
  int64_t bucket_limit = 0;          // read only when automatic
  // What other implementations offer; the reference has neither.
  int64_t within_bucket = 0;    // 1: keys of other buckets in the window are left out
  int64_t count_keys_once = 0;  // 1: a key met n times over all rounds weighs 1/n each time
};

// Both throw InvalidInput.
void Validate(const AttentionAttributes& attributes);
void Validate(const LshAttributes& attributes);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_ATTRIBUTES_H_

#include "ops/attributes.h"

#include <limits>
#include <string>

#include "ops/invalid_input.h"

namespace twinstream {
namespace {

// Positions and bucket ids are 32-bit, so nothing that counts them may be larger.
constexpr int64_t kLargest = std::numeric_limits<int32_t>::max() - 1;
// A window is gathered whole; this many chunks is far beyond any use and still a sane allocation.
constexpr int64_t kMostNeighbours = 512;

void Range(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value < least || value > most) {
    Reject(std::string("attribute ") + name, value,
           std::to_string(least) + " to " + std::to_string(most));
  }
}

}  // namespace

void Validate(const AttentionAttributes& a) {
  Range("num_heads", a.num_heads, 1, kLargest);
  Range("chunk_length", a.chunk_length, 1, kLargest);
  Range("chunks_before", a.chunks_before, 0, kMostNeighbours);
  Range("chunks_after", a.chunks_after, 0, kMostNeighbours);
  Range("causal", a.causal, 0, 1);
  Range("batch_invariant", a.batch_invariant, 0, 1);
  Range("min_chunk_length", a.min_chunk_length, 1, kLargest);
  Range("pad_multiple", a.pad_multiple, 1, kLargest);
  if (a.min_chunk_length > a.chunk_length) {
    Reject("attribute min_chunk_length", a.min_chunk_length,
           "at most chunk_length, " + std::to_string(a.chunk_length));
  }
  if (a.pad_multiple % a.chunk_length != 0) {
    Reject("attribute pad_multiple", a.pad_multiple,
           "a multiple of chunk_length, " + std::to_string(a.chunk_length));
  }
}

void Validate(const LshAttributes& a) {
  Validate(static_cast<const AttentionAttributes&>(a));
  Range("num_hashes", a.num_hashes, 1, 1024);
  Range("within_bucket", a.within_bucket, 0, 1);
  Range("count_keys_once", a.count_keys_once, 0, 1);
  Range("full_attention_below", a.full_attention_below, 0, kLargest);
  if (a.num_buckets.empty()) {
    Range("bucket_limit", a.bucket_limit, 2, kLargest);
    return;
  }
  int64_t product = 1;
  for (size_t i = 0; i < a.num_buckets.size(); ++i) {
    const int64_t factor = a.num_buckets[i];
    const std::string name = "attribute num_buckets[" + std::to_string(i) + "]";
    // A rotation gives a column and its negative, so an odd factor has no meaning.
    if (factor < 2 || factor % 2 != 0 || factor > kLargest) {
      Reject(name, factor, "an even number from 2 to " + std::to_string(kLargest));
    }
    product *= factor;
    if (product > kLargest) {
      Reject("the product of attribute num_buckets", product,
             "at most " + std::to_string(kLargest));
    }
  }
}

}  // namespace twinstream

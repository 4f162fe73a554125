// How often a query meets a key over all rounds of hashing (Reformer, section 2, "Multi-round LSH
// attention": log N, taken off the logits so that every key counts once). The reference leaves this
// out.
//
// Every time counts: the same chunk seen twice by a short ring, and a chunk of the round before
// that the ring brings into view.
#ifndef TWINSTREAM_CPU_KEY_REPEATS_H_
#define TWINSTREAM_CPU_KEY_REPEATS_H_

#include <cstdint>
#include <vector>

#include "cpu/aligned_buffer.h"
#include "cpu/chunk_attention.h"
#include "cpu/simd.h"

namespace twinstream {

class KeyRepeats {
 public:
  // -log of how often each query of the block meets each key of the window: [keys, kTileQueries],
  // valid until the next call.
  const float* Corrections(const ChunkJob& job, const Members& queries,
                           const std::vector<WindowKey>& window);

 private:
  // The chunks that one query block sees in one round at one shift.
  struct View {
    int64_t round;
    bool other_rounds;  // some of them belong to another round
    int32_t chunks[kTileQueries];
  };
  void FindViews(const ChunkJob& job, const Members& queries);
  void Count(const ChunkJob& job, int32_t key, int32_t* count) const;

  std::vector<View> views_;
  std::vector<int32_t> buckets_;  // of the queries, [rounds, kTileQueries]
  AlignedBuffer corrections_;
  size_t keys_ = 0;
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_KEY_REPEATS_H_

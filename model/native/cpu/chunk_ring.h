// The ring of chunks of one (row, head): which positions stand in which chunk, and which chunks a
// chunk looks at (Reformer, section 2: "chunks of queries attend to their own chunk and one back").
//
// Masked positions take up room in their chunk but are not listed: they are never keys, and no
// result of theirs is wanted.
#ifndef TWINSTREAM_CPU_CHUNK_RING_H_
#define TWINSTREAM_CPU_CHUNK_RING_H_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace twinstream {

struct Members {
  const int32_t* positions;
  int64_t count;
};

class ChunkRing {
 public:
  // Rounds of `members_per_round` sorted positions each; unmasked ones come first in a round, so a
  // round fills its chunks from the front.
  static ChunkRing Sorted(const int32_t* members, int64_t members_per_round,
                          int64_t chunks_per_round, int64_t rounds, int64_t chunk_length) {
    ChunkRing ring;
    ring.members_ = members;
    ring.members_per_round_ = members_per_round;
    ring.chunks_per_round_ = chunks_per_round;
    ring.chunks_ = chunks_per_round * rounds;
    ring.chunk_length_ = chunk_length;
    return ring;
  }

  // Positions in their own order: offsets[c] is where chunk c starts among `members`. Chunks past
  // the offsets are empty.
  static ChunkRing InOrder(const int32_t* members, const std::vector<int64_t>& offsets,
                           int64_t chunks, int64_t chunk_length) {
    ChunkRing ring;
    ring.members_ = members;
    ring.offsets_ = offsets.data();
    ring.listed_ = static_cast<int64_t>(offsets.size()) - 1;
    ring.chunks_ = chunks;
    ring.chunk_length_ = chunk_length;
    return ring;
  }

  Members At(int64_t chunk) const {
    if (offsets_ != nullptr) {
      if (chunk >= listed_) return {members_, 0};
      return {members_ + offsets_[chunk], offsets_[chunk + 1] - offsets_[chunk]};
    }
    const int64_t round = chunk / chunks_per_round_;
    const int64_t within = chunk % chunks_per_round_;
    const int64_t begin = std::min(within * chunk_length_, members_per_round_);
    const int64_t end = std::min(begin + chunk_length_, members_per_round_);
    return {members_ + round * members_per_round_ + begin, end - begin};
  }

  // The chunk that `chunk` sees at `shift`. The reference builds it by slicing, so a shift that
  // reaches around the whole ring is no shift at all, and the chunk's own keys come again.
  int64_t Neighbour(int64_t chunk, int64_t shift) const {
    if (shift >= chunks_ || shift <= -chunks_) return chunk;
    return (chunk + shift + chunks_) % chunks_;
  }

  int64_t RoundOf(int64_t chunk) const { return chunk / chunks_per_round_; }

  int64_t chunk_length() const { return chunk_length_; }

 private:
  const int32_t* members_ = nullptr;
  const int64_t* offsets_ = nullptr;
  int64_t listed_ = 0;
  int64_t members_per_round_ = 0;
  int64_t chunks_per_round_ = 1;
  int64_t chunks_ = 1;
  int64_t chunk_length_ = 1;
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_CHUNK_RING_H_

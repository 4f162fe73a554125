#include "cpu/key_repeats.h"

#include <algorithm>
#include <cmath>

namespace twinstream {

const float* KeyRepeats::Corrections(const ChunkJob& job, const Members& queries,
                                     const std::vector<WindowKey>& window) {
  if (window.size() > keys_) {
    corrections_ = AlignedBuffer(window.size() * kTileQueries);
    keys_ = window.size();
  }
  FindViews(job, queries);
  std::vector<float> minus_log(views_.size() + 1, 0.0f);
  for (size_t n = 1; n < minus_log.size(); ++n) minus_log[n] = -std::log(static_cast<float>(n));
  int32_t count[kTileQueries];
  for (size_t key = 0; key < window.size(); ++key) {
    Count(job, window[key].position, count);
    float* row = corrections_.data() + key * kTileQueries;
    for (size_t q = 0; q < kTileQueries; ++q) row[q] = minus_log[static_cast<size_t>(count[q])];
  }
  return corrections_.data();
}

void KeyRepeats::FindViews(const ChunkJob& job, const Members& queries) {
  views_.clear();
  buckets_.assign(static_cast<size_t>(job.rounds) * kTileQueries, -1);
  for (int64_t round = 0; round < job.rounds; ++round) {
    const int32_t* chunks = job.chunks + round * job.length;
    for (int64_t shift = -job.chunks_before; shift <= job.chunks_after; ++shift) {
      View view{round, false, {}};
      std::fill_n(view.chunks, kTileQueries, -1);
      for (int64_t q = 0; q < queries.count; ++q) {
        const int64_t seen = job.ring.Neighbour(chunks[queries.positions[q]], shift);
        view.other_rounds |= job.ring.RoundOf(seen) != round;
        view.chunks[q] = static_cast<int32_t>(seen);
      }
      views_.push_back(view);
    }
    if (job.buckets == nullptr) continue;
    for (int64_t q = 0; q < queries.count; ++q) {
      buckets_[static_cast<size_t>(round) * kTileQueries + static_cast<size_t>(q)] =
          job.buckets[round * job.length + queries.positions[q]];
    }
  }
}

void KeyRepeats::Count(const ChunkJob& job, int32_t key, int32_t* count) const {
  std::fill_n(count, kTileQueries, 0);
  for (const View& view : views_) {
    if (job.buckets != nullptr) {
      // A key of another bucket, so also one of another round, is not met.
      const int64_t at = view.round * job.length + key;
      const int32_t chunk = job.chunks[at];
      const int32_t bucket = job.buckets[at];
      const int32_t* own = buckets_.data() + static_cast<size_t>(view.round) * kTileQueries;
      for (size_t q = 0; q < kTileQueries; ++q) {
        count[q] += static_cast<int32_t>(view.chunks[q] == chunk) &
                    static_cast<int32_t>(own[q] == bucket);
      }
      continue;
    }
    const int64_t first = view.other_rounds ? 0 : view.round;
    const int64_t last = view.other_rounds ? job.rounds - 1 : view.round;
    for (int64_t round = first; round <= last; ++round) {
      const int32_t chunk = job.chunks[round * job.length + key];
      for (size_t q = 0; q < kTileQueries; ++q) {
        count[q] += static_cast<int32_t>(view.chunks[q] == chunk);
      }
    }
  }
}

}  // namespace twinstream

#include "cpu/window_tiles.h"

#include <algorithm>

namespace twinstream {

const std::vector<WindowKey>& WindowTiles::Load(const ChunkJob& job, int64_t chunk) {
  wanted_.clear();
  for (int64_t shift = -job.chunks_before; shift <= job.chunks_after; ++shift) {
    wanted_.push_back(job.ring.Neighbour(chunk, shift));
  }
  window_.clear();
  // No slot moves while its rows are pointed at.
  if (slots_.size() < wanted_.size()) slots_.resize(wanted_.size());
  const int64_t round = job.ring.RoundOf(chunk);
  for (const int64_t seen : wanted_) {
    const Members members = job.ring.At(seen);
    if (members.count == 0) continue;
    const Slot& slot = SlotOf(job, seen, members);
    const bool has_bucket = job.buckets != nullptr && job.ring.RoundOf(seen) == round;
    for (int64_t i = 0; i < members.count; ++i) {
      const size_t offset = static_cast<size_t>(i) * row_stride_;
      const int32_t position = members.positions[i];
      window_.push_back({slot.keys.data() + offset, slot.values.data() + offset, position,
                         has_bucket ? job.buckets[round * job.length + position] : -1});
    }
  }
  return window_;
}

WindowTiles::Slot& WindowTiles::SlotOf(const ChunkJob& job, int64_t chunk,
                                       const Members& members) {
  Slot* unused = nullptr;
  for (Slot& slot : slots_) {
    if (slot.chunk == chunk) return slot;
    const bool in_view =
        std::find(wanted_.begin(), wanted_.end(), slot.chunk) != wanted_.end();
    if (unused == nullptr && !in_view) unused = &slot;
  }
  // There are as many slots as chunks in view, and this chunk has none yet: one is unused.
  Slot& slot = *unused;
  const size_t rows = static_cast<size_t>(members.count);
  if (slot.capacity < rows) {
    slot.chunk = -1;
    slot.keys = AlignedBuffer(rows * row_stride_);
    slot.values = AlignedBuffer(rows * row_stride_);
    slot.capacity = rows;
  }
  kernels_.gather({job.key, job.value, config_.stride, members.positions, rows, config_.head_size,
                   row_stride_, config_.shared_key, slot.keys.data(), slot.values.data()});
  slot.chunk = chunk;
  return slot;
}

}  // namespace twinstream

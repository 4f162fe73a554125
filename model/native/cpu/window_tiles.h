// The tiles of one task: chunks' keys and values side by side in cache. Neighbouring chunks share
// most of their windows, so a chunk that stays in view is gathered once.
#ifndef TWINSTREAM_CPU_WINDOW_TILES_H_
#define TWINSTREAM_CPU_WINDOW_TILES_H_

#include <cstdint>
#include <vector>

#include "cpu/aligned_buffer.h"
#include "cpu/chunk_attention.h"

namespace twinstream {

class WindowTiles {
 public:
  WindowTiles(const ChunkConfig& config, const SimdKernels& kernels)
      : config_(config), kernels_(kernels), row_stride_(RoundUp(config.head_size, kLineFloats)) {}

  // The window of one chunk, in the order of the ring's shifts. Valid until the next call.
  const std::vector<WindowKey>& Load(const ChunkJob& job, int64_t chunk);

  // Another (row, head) or round: nothing gathered so far is of use.
  void Forget() {
    for (Slot& slot : slots_) slot.chunk = -1;
  }

  size_t row_stride() const { return row_stride_; }

 private:
  struct Slot {
    int64_t chunk = -1;
    size_t capacity = 0;
    AlignedBuffer keys;
    AlignedBuffer values;
  };
  Slot& SlotOf(const ChunkJob& job, int64_t chunk, const Members& members);

  const ChunkConfig config_;
  const SimdKernels& kernels_;
  const size_t row_stride_;
  std::vector<Slot> slots_;
  std::vector<int64_t> wanted_;  // chunks of the current window
  std::vector<WindowKey> window_;
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_WINDOW_TILES_H_

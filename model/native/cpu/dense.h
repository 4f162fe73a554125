// Constant matrices as the kernels take them, and how rows are cut into tiles for them.
//
// In 8 bits, a column's weights are whole numbers from -63 to 63 and a scale (7 bits: see AddQuads),
// a row's from -127 to 127 and a scale: no scale hangs on what else is in a batch.
#ifndef TWINSTREAM_CPU_DENSE_H_
#define TWINSTREAM_CPU_DENSE_H_

#include <cstddef>
#include <functional>

#include "cpu/aligned_buffer.h"
#include "cpu/simd.h"
#include "cpu/task_runner.h"

namespace twinstream {

class PackedMatrix {
 public:
  // matrix [depth, columns], both multiples of kPanelColumns.
  PackedMatrix(const float* matrix, size_t depth, size_t columns, bool eight_bit);

  DenseMatrix view() const;

 private:
  void PackFloats(const float* matrix);
  void PackQuads(const float* matrix);

  size_t depth_;
  size_t columns_;
  AlignedBuffer panels_;
  Aligned<int8_t> quads_;
  AlignedBuffer scales_;
  Aligned<int32_t> offsets_;
};

// Room for a tile's rows of a width.
class TileRows {
 public:
  TileRows(size_t width, bool eight_bit);

  RowScratch view() const;

 private:
  size_t width_;
  AlignedBuffer rows_;
  Aligned<uint8_t> bytes_;
  AlignedBuffer scales_;
};

// Whether a result goes around the caches: it is larger than what is left of them when it is read
// again, and stores through them would first read what they overwrite. Aligned results only.
bool StoresPastCaches(const float* out, size_t rows, size_t columns);

// Calls `tile(first, count)` for every tile of `rows` rows, on several threads.
void ForEachTile(size_t rows, TaskRunner& runner, const std::function<void(size_t, size_t)>& tile);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_DENSE_H_

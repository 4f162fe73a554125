// Asks for memory before it is needed, where no hardware foresees it: rows in hash order, or so far
// apart that each begins a page of its own or nearly.
#ifndef TWINSTREAM_CPU_PREFETCH_H_
#define TWINSTREAM_CPU_PREFETCH_H_

#include <hwy/base.h>

#include <cstddef>

#include "cpu/aligned_buffer.h"

namespace twinstream {

// Always inline: GCC takes a function that does nothing else for one without effects, and drops its
// calls.
HWY_INLINE void Prefetch(const float* from, size_t count) {
  for (size_t i = 0; i < count; i += kLineFloats) __builtin_prefetch(from + i);
}

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_PREFETCH_H_

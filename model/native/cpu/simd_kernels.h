// All tables that were compiled in, whether or not this CPU can run them.
#ifndef TWINSTREAM_CPU_SIMD_KERNELS_H_
#define TWINSTREAM_CPU_SIMD_KERNELS_H_

#include "cpu/simd.h"

namespace twinstream {

std::vector<SimdKernels> CompiledKernels();

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_SIMD_KERNELS_H_

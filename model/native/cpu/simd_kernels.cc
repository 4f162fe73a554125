#include "cpu/simd_kernels.h"

// Five paths are kept, each forced in a test: AVX-512 without products of 8 bits of its own, with
// them (VNNI), and with those of whole tiles (AMX), AVX2 with FMA, and "plain", which Highway compiles without vector instructions on x86 and
// for the baseline elsewhere. More would only be more to test.
#undef HWY_DISABLED_TARGETS
#if defined(__x86_64__)
#define HWY_DISABLED_TARGETS (~(HWY_AVX3 | HWY_AVX2 | HWY_EMU128 | HWY_SCALAR))
#else
#define HWY_COMPILE_ONLY_STATIC
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/simd_kernels.cc"
#include <hwy/foreach_target.h>  // compiles this file once a target
#include <hwy/highway.h>

#include "cpu/attend-inl.h"
#include "cpu/feed_forward-inl.h"
#include "cpu/gather-inl.h"
#include "cpu/hash-inl.h"
#include "cpu/projection-inl.h"

#if HWY_ONCE
namespace twinstream {

std::vector<SimdKernels> CompiledKernels() {
  std::vector<SimdKernels> kernels;
#define TWINSTREAM_KERNELS(name, number, target, quads)                             \
  kernels.push_back({name, number, &target::Hash, &target::Gather, &target::Attend, \
                     &target::Merge, &target::FeedForward<target::Quads::quads>,    \
                     &target::Project<target::Quads::quads>})
#if HWY_TARGETS & HWY_AVX3
  TWINSTREAM_KERNELS("avx512amx", 4, N_AVX3, kAmx);
  TWINSTREAM_KERNELS("avx512vnni", 3, N_AVX3, kVnni);
  TWINSTREAM_KERNELS("avx512", 2, N_AVX3, kPairs);
#endif
#if HWY_TARGETS & HWY_AVX2
  TWINSTREAM_KERNELS("avx2", 1, N_AVX2, kPairs);
#endif
  TWINSTREAM_KERNELS("plain", 0, HWY_NAMESPACE, kPairs);
#undef TWINSTREAM_KERNELS
  return kernels;
}

}  // namespace twinstream
#endif  // HWY_ONCE

#include "cpu/simd_kernels.h"

// Three paths are kept, each forced in a test: AVX-512, AVX2 with FMA, and "plain", which Highway
// compiles without vector instructions on x86 and for the baseline elsewhere. More would only be
// more to test.
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

#if HWY_ONCE
namespace twinstream {

std::vector<SimdKernels> CompiledKernels() {
  std::vector<SimdKernels> kernels;
#if HWY_TARGETS & HWY_AVX3
  kernels.push_back({"avx512", 512, &N_AVX3::Hash, &N_AVX3::Gather, &N_AVX3::Attend,
                     &N_AVX3::Merge, &N_AVX3::FeedForward});
#endif
#if HWY_TARGETS & HWY_AVX2
  kernels.push_back({"avx2", 256, &N_AVX2::Hash, &N_AVX2::Gather, &N_AVX2::Attend, &N_AVX2::Merge,
                     &N_AVX2::FeedForward});
#endif
  kernels.push_back({"plain", 0, &HWY_STATIC_DISPATCH(Hash), &HWY_STATIC_DISPATCH(Gather),
                     &HWY_STATIC_DISPATCH(Attend), &HWY_STATIC_DISPATCH(Merge),
                     &HWY_STATIC_DISPATCH(FeedForward)});
  return kernels;
}

}  // namespace twinstream
#endif  // HWY_ONCE

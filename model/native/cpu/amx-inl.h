// Products of 8 bits by Intel's AMX: registers of 16 rows by 64 bytes ("tiles"), of which one
// instruction multiplies two whole ones. The sums are exact, as on every path.
//
// The compiler has intrinsics for it only where a target of its own is set, which Highway has none
// of: hence the assembly. The tile registers are named, as the compiler uses none itself.
#if defined(TWINSTREAM_CPU_AMX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TWINSTREAM_CPU_AMX_INL_H_
#undef TWINSTREAM_CPU_AMX_INL_H_
#else
#define TWINSTREAM_CPU_AMX_INL_H_
#endif

#include <hwy/highway.h>

#include "cpu/simd.h"

HWY_BEFORE_NAMESPACE();
namespace twinstream {
namespace HWY_NAMESPACE {

// Rows and columns that are multiplied at once: two tiles of each, four of sums.
constexpr size_t kAmxRows = 32;
// What of the depth one instruction takes.
constexpr size_t kAmxDepth = 64;

#if HWY_TARGET == HWY_AVX3
// Sets the tiles' shapes for as long as it lives, for this thread. Their contents are dropped at the
// end, or every switch between threads would save them.
class AmxTiles {
 public:
  AmxTiles() {
    struct alignas(64) {
      uint8_t palette = 1;
      uint8_t start_row = 0;
      uint8_t reserved[14] = {};
      uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } config;
    static_assert(sizeof(config) == 64);
    asm volatile("ldtilecfg %0" ::"m"(config));
  }
  ~AmxTiles() { asm volatile("tilerelease" ::: "memory"); }
  AmxTiles(const AmxTiles&) = delete;
  AmxTiles& operator=(const AmxTiles&) = delete;

  // Begins kAmxRows rows of bytes times one panel of a matrix; `depth` is a multiple of kAmxDepth.
  // Returns before the sums are there, so that others can be made use of meanwhile.
  HWY_INLINE void Multiply(const uint8_t* rows, size_t stride, const int8_t* panel,
                           size_t depth) const {
    constexpr size_t kQuadStride = 4 * kPanelColumns;
    asm volatile("tilezero %%tmm0\n\ttilezero %%tmm1\n\ttilezero %%tmm2\n\ttilezero %%tmm3" :::);
    const uint8_t* lower = rows + kAmxRows / 2 * stride;
    for (size_t k = 0; k < depth; k += kAmxDepth) {
      asm volatile(
          "tileloadd (%[panel],%[quads],1), %%tmm6\n\t"
          "tileloadd (%[upper],%[stride],1), %%tmm4\n\t"
          "tdpbusd %%tmm6, %%tmm4, %%tmm0\n\t"
          "tileloadd 64(%[panel],%[quads],1), %%tmm7\n\t"
          "tdpbusd %%tmm7, %%tmm4, %%tmm1\n\t"
          "tileloadd (%[lower],%[stride],1), %%tmm5\n\t"
          "tdpbusd %%tmm6, %%tmm5, %%tmm2\n\t"
          "tdpbusd %%tmm7, %%tmm5, %%tmm3"
          :
          : [panel] "r"(panel), [quads] "r"(kQuadStride), [upper] "r"(rows + k),
            [lower] "r"(lower + k), [stride] "r"(stride)
          : "memory");
      panel += kAmxDepth / 4 * kQuadStride;
    }
  }

  // Waits for the sums [kAmxRows, kPanelColumns].
  HWY_INLINE void Store(int32_t* sums) const {
    constexpr size_t kStride = sizeof(int32_t) * kPanelColumns;
    asm volatile(
        "tilestored %%tmm0, (%[upper],%[stride],1)\n\t"
        "tilestored %%tmm1, 64(%[upper],%[stride],1)\n\t"
        "tilestored %%tmm2, (%[lower],%[stride],1)\n\t"
        "tilestored %%tmm3, 64(%[lower],%[stride],1)"
        :
        : [upper] "r"(sums), [lower] "r"(sums + kAmxRows / 2 * kPanelColumns),
          [stride] "r"(kStride)
        : "memory");
  }
};
#endif

}  // namespace HWY_NAMESPACE
}  // namespace twinstream
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

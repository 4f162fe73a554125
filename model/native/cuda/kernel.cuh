// What the kernels are made of: launches, and the few instructions that C++ has no name for.
//
// The kernels compile in two ways. nvcc makes them for the GPU. With TWINSTREAM_EMULATED a C++
// compiler makes them for a plain CPU, where tests/emulator.h runs every thread of a block as a
// fiber: so what they compute, and that no two threads race, is tested on machines without a GPU.
//
// On a GPU none of this has run yet: cuda_test, which compares every kernel with the CPU's, is to
// be run first wherever there is one.
#ifndef TWINSTREAM_CUDA_KERNEL_CUH_
#define TWINSTREAM_CUDA_KERNEL_CUH_

#ifdef TWINSTREAM_EMULATED
#include "cuda/tests/emulator.h"
#endif

#include <cstring>

#include "cuda/device.h"

#define TWINSTREAM_DEVICE __device__ inline

namespace twinstream::cuda {

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffu;

// One-dimensional grids only; no blocks, no launch. `shared` bytes are dynamic shared memory.
template <typename... Parameters, typename... Arguments>
void Launch([[maybe_unused]] Device& device, void (*kernel)(Parameters...), int64_t blocks,
            int threads, size_t shared, const Arguments&... arguments) {
  if (blocks == 0) return;
  if (blocks > std::numeric_limits<int32_t>::max()) {
    Reject("the number of thread blocks", blocks, "at most 2147483647: a smaller batch");
  }
#ifdef TWINSTREAM_EMULATED
  Emulate(blocks, threads, shared, [&] { kernel(Parameters(arguments)...); });
#else
  // Beyond 48 KiB a kernel must ask; where the GPU has not as much, it is told so here.
  if (shared > 48 * 1024) {
    Device::Check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                                       cudaFuncAttributeMaxDynamicSharedMemorySize,
                                       static_cast<int>(shared)),
                  "shared memory");
  }
  kernel<<<static_cast<unsigned>(blocks), threads, shared, device.stream()>>>(
      Parameters(arguments)...);
  Device::Check(cudaGetLastError(), "launch");
#endif
}

// Sixteen bytes, read and written at once.
template <typename T>
struct alignas(16) Vector {
  static constexpr int kSize = 16 / sizeof(T);
  T values[kSize];
};

// Two neighbouring elements in a register, the first in the lower half.
template <typename T>
TWINSTREAM_DEVICE uint32_t Pack(float first, float second) {
  struct alignas(4) Pair {
    T values[2];
  };
  static_assert(sizeof(Pair) == 4, "a register holds two");
  const Pair pair{{Scalar<T>::Round(first), Scalar<T>::Round(second)}};
  uint32_t bits;
  memcpy(&bits, &pair, sizeof(bits));
  return bits;
}

#ifdef TWINSTREAM_EMULATED
// The same by the emulator: see tests/emulator.h for what each thread holds.
template <typename T>
void MultiplyAccumulate(float (&sum)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
  EmulatedMultiplyAccumulate<T>(sum, a, b0, b1);
}
inline void LoadMatrices(uint32_t (&to)[4], const void* row) {
  EmulatedLoadMatrices(to, row, false);
}
inline void LoadMatricesTransposed(uint32_t (&to)[4], const void* row) {
  EmulatedLoadMatrices(to, row, true);
}
#else
// sum += A B on the tensor cores, for A 16 x 16 (rows) and B 16 x 8 (columns), summed in float32.
// With g = lane / 4 and t = lane % 4 a thread holds, as pairs along the row: of A, (g, 2t),
// (g + 8, 2t), (g, 2t + 8), (g + 8, 2t + 8); of B, as pairs along the column, (2t, g) and
// (2t + 8, g); of the sum (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1). (PTX ISA, "Matrix
// Fragments for mma.m16n8k16 with floating point type".)
template <typename T>
TWINSTREAM_DEVICE void MultiplyAccumulate(float (&sum)[4], const uint32_t (&a)[4], uint32_t b0,
                                          uint32_t b1);
template <>
TWINSTREAM_DEVICE void MultiplyAccumulate<__half>(float (&sum)[4], const uint32_t (&a)[4],
                                                  uint32_t b0, uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};\n"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
template <>
TWINSTREAM_DEVICE void MultiplyAccumulate<__nv_bfloat16>(float (&sum)[4], const uint32_t (&a)[4],
                                                         uint32_t b0, uint32_t b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
      "{%8,%9}, {%0,%1,%2,%3};\n"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Four 8 x 8 matrices of 16-bit elements out of shared memory: lane i points at row i % 8 of matrix
// i / 8, 16 bytes aligned to 16. A thread receives of matrix m, in to[m], the pair of row g at
// column 2t; transposed, the pair of column g at row 2t. (PTX ISA, "ldmatrix".)
TWINSTREAM_DEVICE void LoadMatrices(uint32_t (&to)[4], const void* row) {
  const auto address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address)
               : "memory");
}
TWINSTREAM_DEVICE void LoadMatricesTransposed(uint32_t (&to)[4], const void* row) {
  const auto address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address)
               : "memory");
}
#endif

// Over aligned groups of `width` lanes, a power of two; every lane gets the result. The order of
// the additions is that of a tree, always the same.
TWINSTREAM_DEVICE float SumOverLanes(float value, int width) {
  for (int step = 1; step < width; step *= 2) value += __shfl_xor_sync(kAllLanes, value, step);
  return value;
}
TWINSTREAM_DEVICE float MaxOverLanes(float value, int width) {
  for (int step = 1; step < width; step *= 2) {
    value = fmaxf(value, __shfl_xor_sync(kAllLanes, value, step));
  }
  return value;
}

// The dynamic shared memory of a kernel.
TWINSTREAM_DEVICE unsigned char* SharedMemory() {
#ifdef TWINSTREAM_EMULATED
  return EmulatedSharedMemory();
#else
  extern __shared__ __align__(16) unsigned char memory[];
  return memory;
#endif
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_KERNEL_CUH_

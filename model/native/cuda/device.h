// Memory and copies on one CUDA stream, and the element types of states.
#ifndef TWINSTREAM_CUDA_DEVICE_H_
#define TWINSTREAM_CUDA_DEVICE_H_

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "ops/invalid_input.h"

#define TWINSTREAM_BOTH __host__ __device__ inline

namespace twinstream::cuda {

// Work on one stream. Nothing here waits for the GPU: memory is taken and given back in the order
// of the stream (cudaMallocAsync), and errors are those that a call itself reports.
class Device {
 public:
  explicit Device(cudaStream_t stream) : stream_(stream) {}
  // Gives the memory back, once the kernels launched so far have run.
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  template <typename T>
  T* Allocate(int64_t count) {
    return static_cast<T*>(AllocateBytes(sizeof(T) * static_cast<size_t>(count == 0 ? 1 : count)));
  }
  // Sets every byte to zero.
  void Clear(void* memory, size_t bytes);
  // From ordinary host memory, which may be reused when this returns: it is copied aside.
  void Upload(void* to, const void* from, size_t bytes);

  // Sorts (key, value) pairs by the lowest `bits` bits of the key; equal keys keep their order.
  // Returns the sorted values; `keys` and `values` are overwritten.
  const int32_t* SortByKey(uint32_t* keys, int32_t* values, int64_t count, int bits);

  cudaStream_t stream() const { return stream_; }

  static void Check(cudaError_t error, const char* what) {
    if (error == cudaSuccess) return;
    throw std::runtime_error(std::string("CUDA ") + what + ": " + cudaGetErrorString(error));
  }

 private:
  void* AllocateBytes(size_t bytes);

  const cudaStream_t stream_;
  std::vector<void*> allocated_;
};

// The element types of states: how they are widened to float32, and rounded from it.
template <typename T>
struct Scalar;

template <>
struct Scalar<float> {
  static TWINSTREAM_BOTH float Widen(float x) { return x; }
  static TWINSTREAM_BOTH float Round(float x) { return x; }
};

template <>
struct Scalar<__half> {
  static TWINSTREAM_BOTH float Widen(__half x) { return __half2float(x); }
  static TWINSTREAM_BOTH __half Round(float x) { return __float2half_rn(x); }
};

template <>
struct Scalar<__nv_bfloat16> {
  static TWINSTREAM_BOTH float Widen(__nv_bfloat16 x) { return __bfloat162float(x); }
  static TWINSTREAM_BOTH __nv_bfloat16 Round(float x) { return __float2bfloat16_rn(x); }
};

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_DEVICE_H_

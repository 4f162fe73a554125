// Floats aligned to a cache line: a wide vector that straddles two lines costs two loads.
#ifndef TWINSTREAM_CPU_ALIGNED_BUFFER_H_
#define TWINSTREAM_CPU_ALIGNED_BUFFER_H_

#include <cstddef>
#include <memory>
#include <new>

namespace twinstream {

constexpr size_t kAlignment = 64;
constexpr size_t kLineFloats = kAlignment / sizeof(float);

inline size_t RoundUp(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t size)
      : data_(static_cast<float*>(
            ::operator new(sizeof(float) * (size == 0 ? 1 : size), std::align_val_t(kAlignment)))) {}

  float* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(float* data) const { ::operator delete(data, std::align_val_t(kAlignment)); }
  };
  std::unique_ptr<float, Free> data_;
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_ALIGNED_BUFFER_H_

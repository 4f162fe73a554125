// Numbers aligned to a cache line: a wide vector that straddles two lines costs two loads.
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

template <typename T>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(size_t size)
      : data_(static_cast<T*>(
            ::operator new(sizeof(T) * (size == 0 ? 1 : size), std::align_val_t(kAlignment)))) {}

  T* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const { ::operator delete(data, std::align_val_t(kAlignment)); }
  };
  std::unique_ptr<T, Free> data_;
};

using AlignedBuffer = Aligned<float>;

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_ALIGNED_BUFFER_H_

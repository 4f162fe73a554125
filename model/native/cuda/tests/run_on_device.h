// The ops behind one call each, from host memory to host memory, whatever the device: the emulator
// or a GPU. Inputs are rounded to the type of the states, results widened from it.
#ifndef TWINSTREAM_CUDA_TESTS_RUN_ON_DEVICE_H_
#define TWINSTREAM_CUDA_TESTS_RUN_ON_DEVICE_H_

#include <vector>

#include "cuda/attention.h"
#include "cuda/segment_pool.h"
#include "tests/cases.h"

namespace twinstream::cuda {

// To the host, once everything before is done. One of each device.
void Download(void* to, const void* from, size_t bytes);

template <typename T>
std::vector<T> RoundedTo(const std::vector<float>& values) {
  std::vector<T> rounded(values.size());
  for (size_t i = 0; i < values.size(); ++i) rounded[i] = Scalar<T>::Round(values[i]);
  return rounded;
}

template <typename T>
std::vector<float> Widened(const std::vector<T>& values) {
  std::vector<float> widened(values.size());
  for (size_t i = 0; i < values.size(); ++i) widened[i] = Scalar<T>::Widen(values[i]);
  return widened;
}

// The batch as the kernels of type T see it.
template <typename T>
Batch RoundedBatch(Batch batch) {
  for (auto* values : {&batch.query, &batch.key, &batch.value}) {
    *values = Widened(RoundedTo<T>(*values));
  }
  return batch;
}

template <typename Element>
Element* PutOnDevice(const std::vector<Element>& from, Device& device) {
  auto* to = device.Allocate<Element>(static_cast<int64_t>(from.size()));
  device.Upload(to, from.data(), sizeof(Element) * from.size());
  return to;
}

template <typename Element>
std::vector<Element> TakeFromDevice(const Element* from, size_t count) {
  std::vector<Element> to(count);
  if (count > 0) Download(to.data(), from, sizeof(Element) * count);
  return to;
}

template <typename T>
LshTensors<T> LshOnDevice(const LshAttributes& attributes, const Batch& batch,
                          const Rotations& rotations, Device& device, bool want_buckets,
                          const std::vector<int32_t>* forced) {
  LshTensors<T> t{};
  t.sizes = {batch.rows, batch.length, batch.heads * batch.head_size, batch.head_size};
  t.query_key = PutOnDevice(RoundedTo<T>(batch.query), device);
  t.value = PutOnDevice(RoundedTo<T>(batch.value), device);
  t.mask = PutOnDevice(batch.mask, device);
  t.rotations = PutOnDevice(rotations.values, device);
  t.rotation_shape = rotations.shape;
  t.forced_buckets = forced == nullptr ? nullptr : PutOnDevice(*forced, device);
  // What the op leaves unwritten would show.
  t.context = PutOnDevice(RoundedTo<T>(std::vector<float>(batch.query.size(), 12345.0f)), device);
  if (want_buckets) {
    t.buckets = device.Allocate<int32_t>(batch.rows * batch.heads * attributes.num_hashes *
                                         batch.length);
  }
  return t;
}

template <typename T>
Attended RunLshOnDevice(const LshAttributes& attributes, const Batch& batch,
                        const Rotations& rotations, cudaStream_t stream, bool want_buckets = true,
                        const std::vector<int32_t>* forced = nullptr) {
  Device device(stream);
  const LshTensors<T> t =
      LshOnDevice<T>(attributes, batch, rotations, device, want_buckets, forced);
  LshAttention(attributes, t, device);
  Attended result;
  result.context = Widened(TakeFromDevice(t.context, batch.query.size()));
  if (want_buckets) {
    result.buckets = TakeFromDevice(
        t.buckets,
        static_cast<size_t>(batch.rows * batch.heads * attributes.num_hashes * batch.length));
  }
  return result;
}

template <typename T>
LocalTensors<T> LocalOnDevice(const Batch& batch, Device& device) {
  LocalTensors<T> t{};
  t.sizes = {batch.rows, batch.length, batch.heads * batch.head_size, batch.head_size};
  t.query = PutOnDevice(RoundedTo<T>(batch.query), device);
  t.key = PutOnDevice(RoundedTo<T>(batch.key), device);
  t.value = PutOnDevice(RoundedTo<T>(batch.value), device);
  t.mask = PutOnDevice(batch.mask, device);
  t.context = PutOnDevice(RoundedTo<T>(std::vector<float>(batch.query.size(), 12345.0f)), device);
  return t;
}

template <typename T>
Attended RunLocalOnDevice(const AttentionAttributes& attributes, const Batch& batch,
                          cudaStream_t stream) {
  Device device(stream);
  const LocalTensors<T> t = LocalOnDevice<T>(batch, device);
  LocalAttention(attributes, t, device);
  Attended result;
  result.context = Widened(TakeFromDevice(t.context, batch.query.size()));
  return result;
}

// Relative Frobenius error: the length of the difference over that of what is wanted; infinite
// where anything found is not a number.
inline double RelativeError(const std::vector<float>& found, const std::vector<float>& wanted) {
  double difference = 0;
  double length = 0;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const double d = static_cast<double>(found[i]) - wanted[i];
    difference += d * d;
    length += static_cast<double>(wanted[i]) * wanted[i];
  }
  if (!(difference < INFINITY)) return INFINITY;
  return difference == 0 ? 0 : std::sqrt(difference / length);
}

// The bounds that the kernels are held to, with the CPU's buckets.
template <typename T>
constexpr double kErrorBound = sizeof(T) == 4 ? 1e-3 : 0.03;

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_TESTS_RUN_ON_DEVICE_H_

// SegmentPool's inputs for tests, and the op behind one call, on the CPU and on a device.
#ifndef TWINSTREAM_CUDA_TESTS_POOL_ON_DEVICE_H_
#define TWINSTREAM_CUDA_TESTS_POOL_ON_DEVICE_H_

#include "cpu/segment_pool.h"
#include "cuda/tests/run_on_device.h"
#include "tests/runners.h"

namespace twinstream::cuda {

struct Pool {
  int64_t batch, length, width, output_size;
  bool normalise;
  std::vector<float> states, weights, projection;
  std::vector<int64_t> ids;
};

struct Pooled {
  std::vector<float> document, segments;
};

// At most `longest` positions and `widest` columns; what is left out is not a number.
template <typename T>
Pool RandomPool(Random& random, int64_t longest, int64_t widest) {
  Pool pool{};
  pool.batch = random.Below(3);
  pool.length = random.Chance(0.2) ? longest : random.Below(60);
  pool.width = random.Pick({1, 7, 64, widest});
  pool.output_size = pool.width;
  pool.normalise = random.Chance(0.5);
  pool.states = Widened(RoundedTo<T>(random.Normal(pool.batch * pool.length * pool.width, 1)));
  for (int64_t i = 0; i < pool.batch * pool.length; ++i) {
    pool.weights.push_back(random.Chance(0.3) ? 0 : 0.1f * static_cast<float>(random.Below(30)));
    pool.ids.push_back(random.Below(6) - 1);
    if (pool.weights.back() == 0) pool.states[static_cast<size_t>(i * pool.width)] = NAN;
  }
  if (random.Chance(0.5)) {
    pool.output_size = random.Pick({1, 5, 300});
    pool.projection = random.Normal(pool.width * pool.output_size, 1);
  }
  return pool;
}

inline twinstream::PoolTensors OnCpu(const Pool& pool) {
  return {pool.batch,          pool.length,
          pool.width,          pool.output_size,
          pool.states.data(),  pool.weights.data(),
          pool.ids.data(),     pool.projection.empty() ? nullptr : pool.projection.data(),
          pool.normalise};
}

inline Pooled PoolOnCpu(const Pool& pool, int64_t segments) {
  Pooled pooled{std::vector<float>(static_cast<size_t>(pool.batch * pool.output_size)),
                std::vector<float>(static_cast<size_t>(pool.batch * segments * pool.output_size))};
  SerialRunner serial;
  twinstream::PoolSegments(OnCpu(pool), segments, pooled.document.data(), pooled.segments.data(),
                           serial);
  return pooled;
}

// `segments` 0: documents alone.
template <typename T>
Pooled PoolOnDevice(const Pool& pool, int64_t segments, cudaStream_t stream) {
  Device device(stream);
  PoolTensors<T> t{};
  t.batch = pool.batch;
  t.length = pool.length;
  t.width = pool.width;
  t.output_size = pool.output_size;
  t.states = PutOnDevice(RoundedTo<T>(pool.states), device);
  t.weights = PutOnDevice(pool.weights, device);
  t.segment_ids = pool.ids.data();
  t.projection = pool.projection.empty() ? nullptr : PutOnDevice(pool.projection, device);
  t.normalise = pool.normalise;
  auto* document = device.Allocate<float>(pool.batch * pool.output_size);
  auto* by_segment =
      segments == 0 ? nullptr : device.Allocate<float>(pool.batch * segments * pool.output_size);
  PoolSegments(t, segments, document, by_segment, device);
  return {TakeFromDevice(document, static_cast<size_t>(pool.batch * pool.output_size)),
          TakeFromDevice(by_segment,
                         static_cast<size_t>(pool.batch * segments * pool.output_size))};
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_TESTS_POOL_ON_DEVICE_H_

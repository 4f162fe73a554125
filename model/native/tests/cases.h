// Random inputs for the tests, and the kernels behind one call each.
#ifndef TWINSTREAM_TESTS_CASES_H_
#define TWINSTREAM_TESTS_CASES_H_

#include <random>
#include <string>

#include "cpu/simd.h"
#include "cpu/task_runner.h"
#include "tests/reference.h"

namespace twinstream {

class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}
  int64_t Pick(std::initializer_list<int64_t> choices) {
    return *(choices.begin() + Below(static_cast<int64_t>(choices.size())));
  }
  int64_t Below(int64_t end) { return static_cast<int64_t>(engine_() % static_cast<uint32_t>(end)); }
  bool Chance(double share) { return std::uniform_real_distribution<>(0, 1)(engine_) < share; }
  std::vector<float> Normal(int64_t size, float scale);

 private:
  std::mt19937 engine_;
};

// Rows of the given real lengths, in a batch as long as the longest (or `length`); with `holes`,
// some inner positions are masked too.
Batch RandomBatch(Random& random, const std::vector<int64_t>& lengths, int64_t heads,
                  int64_t head_size, bool holes, int64_t length = 0);
Rotations RandomRotations(Random& random, int64_t rounds, int64_t heads, int64_t factors,
                          int64_t columns, int64_t head_size);
LshAttributes RandomAttributes(Random& random);

Attended RunLsh(const LshAttributes& attributes, const Batch& batch, const Rotations& rotations,
                const SimdKernels& kernels, TaskRunner& runner, bool want_buckets = true,
                const std::vector<int32_t>* forced = nullptr);
Attended RunLocal(const AttentionAttributes& attributes, const Batch& batch,
                  const SimdKernels& kernels, TaskRunner& runner);

// The row alone, at its own length.
Batch RowOf(const Batch& batch, int64_t row, int64_t length);

std::string Describe(const LshAttributes& attributes, const Batch& batch);

}  // namespace twinstream

#endif  // TWINSTREAM_TESTS_CASES_H_

// FeedForward on every path, of floats and of 8 bits, against float64, and a row the same to the bit
// in any number of rows.
#include "cpu/feed_forward.h"

#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

struct Block {
  int64_t width, inner;
  std::vector<float> scale, shift, first, first_bias, second, second_bias;
};

Block RandomBlock(Random& random) {
  const int64_t width = random.Pick({32, 64, 256});
  const int64_t inner = random.Pick({32, 96, 512});
  return {width,
          inner,
          random.Normal(width, 1),
          random.Normal(width, 1),
          random.Normal(width * inner, 0.1f),
          random.Normal(inner, 1),
          random.Normal(width * inner, 0.1f),
          random.Normal(width, 1)};
}

AlignedBuffer Copy(const std::vector<float>& values) {
  AlignedBuffer copy(values.size());
  std::copy(values.begin(), values.end(), copy.data());
  return copy;
}

FeedForwardWeights Packed(const Block& b, bool eight_bit) {
  const auto width = static_cast<size_t>(b.width);
  const auto inner = static_cast<size_t>(b.inner);
  return {width,
          inner,
          1e-12f,
          eight_bit,
          Copy(b.scale),
          Copy(b.shift),
          PackedMatrix(b.first.data(), width, inner, eight_bit),
          Copy(b.first_bias),
          PackedMatrix(b.second.data(), inner, width, eight_bit),
          Copy(b.second_bias)};
}

// One row.
std::vector<float> Plain(const Block& b, const float* states, const float* residual) {
  double mean = 0;
  double variance = 0;
  for (int64_t i = 0; i < b.width; ++i) mean += states[i] / static_cast<double>(b.width);
  for (int64_t i = 0; i < b.width; ++i) {
    variance += (states[i] - mean) * (states[i] - mean) / static_cast<double>(b.width);
  }
  std::vector<double> inner(b.first_bias.begin(), b.first_bias.end());
  for (int64_t i = 0; i < b.width; ++i) {
    const double normed = (states[i] - mean) / std::sqrt(variance + 1e-12) * b.scale[i] + b.shift[i];
    for (int64_t j = 0; j < b.inner; ++j) inner[j] += normed * b.first[i * b.inner + j];
  }
  std::vector<double> out(b.second_bias.begin(), b.second_bias.end());
  for (int64_t j = 0; j < b.inner; ++j) {
    for (int64_t i = 0; i < b.width && inner[j] > 0; ++i) out[i] += inner[j] * b.second[j * b.width + i];
  }
  std::vector<float> row;
  for (int64_t i = 0; i < b.width; ++i) row.push_back(static_cast<float>(out[i] + residual[i]));
  return row;
}

std::vector<float> Run(const FeedForwardWeights& weights, const std::vector<float>& states,
                       const std::vector<float>& residual, const SimdKernels& kernels,
                       TaskRunner& runner) {
  std::vector<float> out(states.size(), 12345.0f);
  RunFeedForward(weights, states.data(), residual.data(), out.data(), states.size() / weights.width,
                 kernels, runner);
  return out;
}

void CheckCase(uint32_t seed, bool eight_bit) {
  Random random(seed);
  const Block block = RandomBlock(random);
  const FeedForwardWeights weights = Packed(block, eight_bit);
  const int64_t rows = random.Pick({0, 1, 2, 11, 12, 13, 95, 97, 200, 900});
  const std::vector<float> states = random.Normal(rows * block.width, 2);
  const std::vector<float> residual = random.Normal(rows * block.width, 1);
  std::vector<float> wanted;
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t at = row * block.width;
    const auto one = Plain(block, states.data() + at, residual.data() + at);
    wanted.insert(wanted.end(), one.begin(), one.end());
  }
  // Rounded rows and weights, each by half of a 127th or a 63rd of its largest number at most.
  const double bound = eight_bit ? 0.05 * Largest(wanted) : 1e-4;
  SerialRunner serial;
  ThreadRunner threads(3);
  for (const SimdKernels& kernels : SupportedKernels()) {
    const std::string what = std::string(kernels.name) + (eight_bit ? ", 8 bits" : "") + ", seed " +
                             std::to_string(seed);
    const std::vector<float> found = Run(weights, states, residual, kernels, serial);
    ExpectNear(found, wanted, bound, "feed-forward on " + what);
    ExpectSame(Run(weights, states, residual, kernels, threads), found, "threads on " + what);
    for (const int64_t row : {int64_t{0}, rows / 2, rows - 1}) {
      if (row < 0 || row >= rows) continue;
      const auto cut = [&](const std::vector<float>& values) {
        const auto begin = values.begin() + row * block.width;
        return std::vector<float>(begin, begin + block.width);
      };
      ExpectSame(Run(weights, cut(states), cut(residual), kernels, serial), cut(found),
                 "a row alone on " + what);
    }
  }
}

}  // namespace
}  // namespace twinstream

int main(int count, char** arguments) {
  const uint32_t step = twinstream::CaseStep(count, arguments);
  for (uint32_t seed = 0; seed < 60; seed += step) {
    twinstream::CheckCase(seed, false);
    twinstream::CheckCase(seed, true);
  }
  return twinstream::Finish("feed_forward_test");
}

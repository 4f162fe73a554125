// The maps around attention on every path: of floats against float64; of 8 bits against whole numbers,
// to the bit where no LayerNorm comes before; a row the same in any number of rows; and what is not a
// number stays that, in its own row.
#include "cpu/projection.h"

#include <limits>

#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

struct Maps {
  int64_t depth, columns;
  bool norm, residual;
  std::vector<float> scale, shift;
  std::vector<std::vector<float>> matrices;
};

Maps RandomMaps(Random& random) {
  Maps m;
  m.depth = random.Pick({32, 64, 256});
  m.columns = random.Pick({32, 96, 256});
  m.norm = random.Chance(0.5);
  m.residual = random.Chance(0.5);
  m.scale = random.Normal(m.depth, 1);
  m.shift = random.Normal(m.depth, 1);
  for (int64_t i = random.Below(3); i >= 0; --i) {
    m.matrices.push_back(random.Normal(m.depth * m.columns, 0.1f));
  }
  return m;
}

AlignedBuffer Copy(const std::vector<float>& values) {
  AlignedBuffer copy(values.size());
  std::copy(values.begin(), values.end(), copy.data());
  return copy;
}

ProjectionWeights Packed(const Maps& m, bool eight_bit) {
  std::vector<PackedMatrix> matrices;
  for (const std::vector<float>& matrix : m.matrices) {
    matrices.emplace_back(matrix.data(), static_cast<size_t>(m.depth),
                          static_cast<size_t>(m.columns), eight_bit);
  }
  return {static_cast<size_t>(m.depth),
          1e-12f,
          eight_bit,
          m.norm ? Copy(m.scale) : AlignedBuffer(),
          m.norm ? Copy(m.shift) : AlignedBuffer(),
          std::move(matrices)};
}

using Outs = std::vector<std::vector<float>>;

Outs Run(const ProjectionWeights& weights, const Maps& m, const std::vector<float>& states,
         const std::vector<float>& residual, const SimdKernels& kernels, TaskRunner& runner) {
  const size_t rows = states.size() / weights.depth;
  Outs outs(m.matrices.size(),
            std::vector<float>(rows * static_cast<size_t>(m.columns), 12345.0f));
  std::vector<float*> to;
  for (std::vector<float>& out : outs) to.push_back(out.data());
  RunProjection(weights, states.data(), m.residual ? residual.data() : nullptr, to, rows, kernels,
                runner);
  return outs;
}

std::vector<double> Normed(const Maps& m, const float* states) {
  std::vector<double> row(states, states + m.depth);
  if (!m.norm) return row;
  const auto size = static_cast<double>(m.depth);
  double mean = 0;
  double variance = 0;
  for (const double x : row) mean += x / size;
  for (const double x : row) variance += (x - mean) * (x - mean) / size;
  for (int64_t i = 0; i < m.depth; ++i) {
    row[i] = (row[i] - mean) / std::sqrt(variance + 1e-12) * m.scale[i] + m.shift[i];
  }
  return row;
}

void AddPlain(const Maps& m, const float* states, const float* residual, Outs& outs) {
  const std::vector<double> row = Normed(m, states);
  for (size_t i = 0; i < outs.size(); ++i) {
    for (int64_t column = 0; column < m.columns; ++column) {
      double sum = m.residual ? residual[column] : 0;
      for (int64_t k = 0; k < m.depth; ++k) sum += row[k] * m.matrices[i][k * m.columns + column];
      outs[i].push_back(static_cast<float>(sum));
    }
  }
}

// Numbers as multiples of a `most`th of the largest, and what one stands for.
std::vector<int> Whole(const std::vector<float>& values, float most, bool inverse, float& unit) {
  float largest = 0;
  for (const float value : values) largest = std::max(largest, std::fabs(value));
  unit = largest / most;
  std::vector<int> whole;
  for (const float value : values) {
    // Rows are many: they are multiplied by the inverse.
    whole.push_back(static_cast<int>(
        std::nearbyint(inverse ? value * (most / largest) : value / unit)));
  }
  return whole;
}

// Rows as they are, in whole numbers: with the kernels' own roundings of a few floats at the end.
void AddWhole(const Maps& m, const float* states, const float* residual, Outs& outs) {
  float row_unit = 0;
  const std::vector<int> row = Whole({states, states + m.depth}, 127.0f, true, row_unit);
  for (size_t i = 0; i < outs.size(); ++i) {
    for (int64_t column = 0; column < m.columns; ++column) {
      std::vector<float> weights;
      for (int64_t k = 0; k < m.depth; ++k) {
        weights.push_back(m.matrices[i][k * m.columns + column]);
      }
      float unit = 0;
      const std::vector<int> whole = Whole(weights, 63.0f, false, unit);
      int sum = 0;
      for (int64_t k = 0; k < m.depth; ++k) sum += row[k] * whole[k];
      const float value = static_cast<float>(sum) * (row_unit * unit);
      outs[i].push_back(m.residual ? residual[column] + value : value);
    }
  }
}

void CheckCase(uint32_t seed, bool eight_bit) {
  Random random(seed);
  const Maps m = RandomMaps(random);
  const ProjectionWeights weights = Packed(m, eight_bit);
  const int64_t rows = random.Pick({0, 1, 3, 12, 13, 97, 200});
  const std::vector<float> states = random.Normal(rows * m.depth, 2);
  const std::vector<float> residual = random.Normal(rows * m.columns, 1);
  const bool exact = eight_bit && !m.norm;
  Outs wanted(m.matrices.size());
  for (int64_t row = 0; row < rows; ++row) {
    const float* from = states.data() + row * m.depth;
    const float* before = residual.data() + row * m.columns;
    exact ? AddWhole(m, from, before, wanted) : AddPlain(m, from, before, wanted);
  }
  SerialRunner serial;
  ThreadRunner threads(3);
  for (const SimdKernels& kernels : SupportedKernels()) {
    const std::string what = std::string(kernels.name) + (eight_bit ? ", 8 bits" : "") + ", seed " +
                             std::to_string(seed);
    const Outs found = Run(weights, m, states, residual, kernels, serial);
    for (size_t i = 0; i < found.size(); ++i) {
      if (exact) {
        ExpectSame(found[i], wanted[i], "whole numbers on " + what);
      } else {
        ExpectNear(found[i], wanted[i], eight_bit ? 0.03 * Largest(wanted[i]) : 1e-4,
                   "projection on " + what);
      }
    }
    ExpectSame(Run(weights, m, states, residual, kernels, threads), found, "threads on " + what);
    if (rows == 0) continue;
    const int64_t row = rows / 2;
    const auto cut = [&](const std::vector<float>& values, int64_t width) {
      const auto begin = values.begin() + row * width;
      return std::vector<float>(begin, begin + width);
    };
    const Outs alone =
        Run(weights, m, cut(states, m.depth), cut(residual, m.columns), kernels, serial);
    for (size_t i = 0; i < found.size(); ++i) {
      ExpectSame(alone[i], cut(found[i], m.columns), "a row alone on " + what);
    }
  }
}

// Results so large that they go around the caches, beside the same rows a few at a time.
void CheckLarge(bool eight_bit) {
  constexpr size_t kRows = 1 << 17;
  constexpr size_t kColumns = 64;
  Random random(9);
  Maps m = RandomMaps(random);
  m.depth = 32;
  m.columns = kColumns;
  m.norm = m.residual = true;
  m.matrices = {random.Normal(m.depth * m.columns, 0.1f)};
  const ProjectionWeights weights = Packed(m, eight_bit);
  const std::vector<float> states = random.Normal(kRows * m.depth, 1);
  const std::vector<float> residual = random.Normal(kRows * m.columns, 1);
  const AlignedBuffer large(kRows * kColumns);
  Expect(StoresPastCaches(large.data(), kRows, kColumns), "large enough");
  ThreadRunner threads(2);
  for (const SimdKernels& kernels : SupportedKernels()) {
    RunProjection(weights, states.data(), residual.data(), {large.data()}, kRows, kernels, threads);
    std::vector<float> small(kRows * kColumns);
    constexpr size_t kPiece = kRows / 8;
    Expect(!StoresPastCaches(small.data(), kPiece, kColumns), "small enough");
    for (size_t row = 0; row < kRows; row += kPiece) {
      RunProjection(weights, states.data() + row * weights.depth, residual.data() + row * kColumns,
                    {small.data() + row * kColumns}, kPiece, kernels, threads);
    }
    ExpectSame(std::vector<float>(large.data(), large.data() + kRows * kColumns), small,
               std::string("past the caches on ") + kernels.name);
  }
}

void CheckUnreal(bool eight_bit) {
  Random random(5);
  Maps m = RandomMaps(random);
  m.residual = false;
  const ProjectionWeights weights = Packed(m, eight_bit);
  SerialRunner serial;
  for (const float unreal :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> states = random.Normal(20 * m.depth, 1);
    states[7 * m.depth + 5] = unreal;
    for (const SimdKernels& kernels : SupportedKernels()) {
      const std::vector<float> out = Run(weights, m, states, {}, kernels, serial)[0];
      for (int64_t row = 0; row < 20; ++row) {
        const float value = out[row * m.columns + m.columns / 2];
        Expect(std::isfinite(value) == (row != 7),
               std::string("row ") + std::to_string(row) + " on " + kernels.name);
      }
    }
  }
  const std::vector<float> zeros(m.depth, 0.0f);
  m.norm = false;
  const ProjectionWeights plain = Packed(m, eight_bit);
  for (const SimdKernels& kernels : SupportedKernels()) {
    ExpectSame(Run(plain, m, zeros, {}, kernels, serial)[0],
               std::vector<float>(m.columns, 0.0f), std::string("zeros on ") + kernels.name);
  }
}

}  // namespace
}  // namespace twinstream

int main(int count, char** arguments) {
  const uint32_t step = twinstream::CaseStep(count, arguments);
  for (const bool eight_bit : {false, true}) {
    for (uint32_t seed = 0; seed < 60; seed += step) twinstream::CheckCase(seed, eight_bit);
    twinstream::CheckUnreal(eight_bit);
    twinstream::CheckLarge(eight_bit);
  }
  return twinstream::Finish("projection_test");
}

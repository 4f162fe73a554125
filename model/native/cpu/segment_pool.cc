#include "cpu/segment_pool.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ops/invalid_input.h"

namespace twinstream {
namespace {

// Columns of one task: a whole number of cache lines of float64.
constexpr int64_t kColumnsPerTask = 64;
// The output is as large as the greatest id, so a stray id must not ask for all memory.
constexpr int64_t kSegmentsAlwaysAllowed = 65536;

struct Sums {
  int64_t slots;                // a row: its segments, then the document
  std::vector<double> states;   // [B, slots, E]
  std::vector<double> weights;  // [B, slots]
};

// One row, columns [begin, end).
void AddStates(const PoolTensors& t, int64_t row, int64_t begin, int64_t end, Sums& sums) {
  double* base = sums.states.data() + row * sums.slots * t.width;
  double* document = base + (sums.slots - 1) * t.width;
  for (int64_t position = 0; position < t.length; ++position) {
    const int64_t token = row * t.length + position;
    const double weight = t.weights[token];
    if (weight == 0) continue;  // also where the state is not a number
    const float* state = t.states + token * t.width;
    for (int64_t e = begin; e < end; ++e) document[e] += weight * state[e];
    const int64_t segment = t.segment_ids[token];
    if (segment < 0 || segment >= sums.slots - 1) continue;
    double* to = base + segment * t.width;
    for (int64_t e = begin; e < end; ++e) to[e] += weight * state[e];
  }
}

void AddWeights(const PoolTensors& t, int64_t row, Sums& sums) {
  double* base = sums.weights.data() + row * sums.slots;
  for (int64_t position = 0; position < t.length; ++position) {
    const int64_t token = row * t.length + position;
    const double weight = t.weights[token];
    base[sums.slots - 1] += weight;
    const int64_t segment = t.segment_ids[token];
    if (segment >= 0 && segment < sums.slots - 1) base[segment] += weight;
  }
}

// Sum to mean, projection, length 1.
void Finish(const PoolTensors& t, const double* sum, double weight, float* out) {
  if (weight == 0) {
    std::fill_n(out, t.output_size, 0.0f);
    return;
  }
  std::vector<double> result(static_cast<size_t>(t.output_size), 0.0);
  if (t.projection == nullptr) {
    for (int64_t e = 0; e < t.width; ++e) result[static_cast<size_t>(e)] = sum[e] / weight;
  } else {
    for (int64_t e = 0; e < t.width; ++e) {
      const double mean = sum[e] / weight;
      const float* row = t.projection + e * t.output_size;
      for (int64_t p = 0; p < t.output_size; ++p) result[static_cast<size_t>(p)] += mean * row[p];
    }
  }
  double scale = 1;
  if (t.normalise) {
    double squares = 0;
    for (const double value : result) squares += value * value;
    if (squares > 0) scale = 1 / std::sqrt(squares);
  }
  for (int64_t p = 0; p < t.output_size; ++p) {
    out[p] = static_cast<float>(result[static_cast<size_t>(p)] * scale);
  }
}

std::string Place(const PoolTensors& t, int64_t token) {
  return ToText(Shape{token / t.length, token % t.length});
}

}  // namespace

int64_t CountSegments(const PoolTensors& t) {
  const int64_t most = std::max(t.length, kSegmentsAlwaysAllowed);
  int64_t greatest = 0;
  for (int64_t token = 0; token < t.batch * t.length; ++token) {
    const int64_t id = t.segment_ids[token];
    if (id < -1 || id >= most) {
      Reject("segment_ids" + Place(t, token), id, "-1 to " + std::to_string(most - 1));
    }
    if (t.weights[token] < 0) Reject("weights" + Place(t, token), t.weights[token], "0 or more");
    greatest = std::max(greatest, id);
  }
  return greatest + 1;
}

void PoolSegments(const PoolTensors& t, int64_t segment_count, float* document, float* segments,
                  TaskRunner& runner) {
  Sums sums;
  sums.slots = (segments == nullptr ? 0 : segment_count) + 1;
  sums.states.resize(static_cast<size_t>(t.batch * sums.slots * t.width));
  sums.weights.resize(static_cast<size_t>(t.batch * sums.slots));
  const int64_t parts = (t.width + kColumnsPerTask - 1) / kColumnsPerTask;
  runner.Run(static_cast<size_t>(t.batch * parts), [&](size_t index) {
    const int64_t row = static_cast<int64_t>(index) / parts;
    const int64_t part = static_cast<int64_t>(index) % parts;
    if (part == 0) AddWeights(t, row, sums);
    AddStates(t, row, part * kColumnsPerTask, std::min(t.width, (part + 1) * kColumnsPerTask),
              sums);
  });
  runner.Run(static_cast<size_t>(t.batch * sums.slots), [&](size_t index) {
    const int64_t row = static_cast<int64_t>(index) / sums.slots;
    const int64_t slot = static_cast<int64_t>(index) % sums.slots;
    float* out = slot == sums.slots - 1
                     ? document + row * t.output_size
                     : segments + (row * segment_count + slot) * t.output_size;
    Finish(t, sums.states.data() + static_cast<int64_t>(index) * t.width,
           sums.weights[index], out);
  });
}

}  // namespace twinstream

// SegmentPool against a plain computation; and the same to the bit alone and in a batch.
#include "cpu/segment_pool.h"
#include "tests/cases.h"
#include "tests/check.h"
#include "tests/runners.h"

namespace twinstream {
namespace {

struct Pool {
  PoolTensors tensors{};
  std::vector<float> states, weights, projection;
  std::vector<int64_t> ids;

  void Point() {
    tensors.states = states.data();
    tensors.weights = weights.data();
    tensors.segment_ids = ids.data();
    tensors.projection = projection.empty() ? nullptr : projection.data();
  }
};

Pool RandomPool(Random& random) {
  Pool pool;
  PoolTensors& t = pool.tensors;
  t.batch = random.Below(4);
  t.length = random.Below(40);
  t.width = random.Pick({1, 7, 64, 130});
  t.output_size = t.width;
  pool.states = random.Normal(t.batch * t.length * t.width, 1);
  for (int64_t i = 0; i < t.batch * t.length; ++i) {
    pool.weights.push_back(random.Chance(0.3) ? 0 : 0.1f * static_cast<float>(random.Below(30)));
    pool.ids.push_back(random.Below(8) - 1);
    if (pool.weights.back() == 0) pool.states[static_cast<size_t>(i * t.width)] = NAN;
  }
  if (random.Chance(0.5)) {
    t.output_size = random.Pick({1, 5, 64});
    pool.projection = random.Normal(t.width * t.output_size, 1);
  }
  t.normalise = random.Chance(0.5);
  pool.Point();
  return pool;
}

// Segment -1: the document.
std::vector<float> Plain(const PoolTensors& t, int64_t row, int64_t segment) {
  std::vector<double> mean(static_cast<size_t>(t.width), 0.0);
  double total = 0;
  for (int64_t position = 0; position < t.length; ++position) {
    const int64_t token = row * t.length + position;
    if (t.weights[token] == 0 || (segment >= 0 && t.segment_ids[token] != segment)) continue;
    total += t.weights[token];
    for (int64_t e = 0; e < t.width; ++e) {
      mean[e] += static_cast<double>(t.weights[token]) * t.states[token * t.width + e];
    }
  }
  std::vector<double> result(static_cast<size_t>(t.output_size), 0.0);
  double squares = 0;
  for (int64_t p = 0; p < t.output_size && total > 0; ++p) {
    if (t.projection == nullptr) result[p] = mean[p] / total;
    for (int64_t e = 0; e < t.width && t.projection != nullptr; ++e) {
      result[p] += mean[e] / total * t.projection[e * t.output_size + p];
    }
    squares += result[p] * result[p];
  }
  std::vector<float> out;
  const double scale = t.normalise && squares > 0 ? 1 / std::sqrt(squares) : 1;
  for (const double value : result) out.push_back(static_cast<float>(value * scale));
  return out;
}

void CheckCase(uint32_t seed) {
  Random random(seed);
  const Pool pool = RandomPool(random);
  const PoolTensors& t = pool.tensors;
  const std::string what = "pool seed " + std::to_string(seed);
  const int64_t segments = CountSegments(t);
  std::vector<float> document(static_cast<size_t>(t.batch * t.output_size), 9);
  std::vector<float> parts(static_cast<size_t>(t.batch * segments * t.output_size), 9);
  ThreadRunner threads(3);
  PoolSegments(t, segments, document.data(), parts.data(), threads);
  std::vector<float> wanted_document;
  std::vector<float> wanted_parts;
  for (int64_t row = 0; row < t.batch; ++row) {
    for (const float value : Plain(t, row, -1)) wanted_document.push_back(value);
    for (int64_t s = 0; s < segments; ++s) {
      for (const float value : Plain(t, row, s)) wanted_parts.push_back(value);
    }
  }
  ExpectNear(document, wanted_document, 1e-6, what);
  ExpectNear(parts, wanted_parts, 1e-6, what + " segments");

  SerialRunner serial;
  std::vector<float> again(document.size(), 9);
  PoolSegments(t, segments, again.data(), nullptr, serial);
  ExpectSame(again, document, what + " without segments");
  for (int64_t row = 0; row < t.batch; ++row) {
    PoolTensors alone = t;
    alone.batch = 1;
    alone.states += row * t.length * t.width;
    alone.weights += row * t.length;
    alone.segment_ids += row * t.length;
    std::vector<float> one(static_cast<size_t>(t.output_size));
    std::vector<float> own_parts(static_cast<size_t>(segments * t.output_size));
    PoolSegments(alone, segments, one.data(), own_parts.data(), serial);
    const auto begin = document.begin() + row * t.output_size;
    ExpectSame(one, std::vector<float>(begin, begin + t.output_size), what + " alone");
    const auto part = parts.begin() + row * segments * t.output_size;
    ExpectSame(own_parts, std::vector<float>(part, part + segments * t.output_size),
               what + " segments alone");
  }
}

void CheckRejects() {
  Random random(7);
  Pool pool = RandomPool(random);
  pool.tensors.batch = 1;
  pool.tensors.length = 2;
  pool.weights = {1, -2};
  pool.ids = {0, 0};
  pool.Point();
  ExpectRejected([&] { CountSegments(pool.tensors); }, {"weights[0, 1]", "-2", "0 or more"});
  pool.weights = {1, 1};
  pool.ids = {0, -3};
  pool.Point();
  ExpectRejected([&] { CountSegments(pool.tensors); }, {"segment_ids[0, 1]", "-3", "-1 to"});
  pool.ids = {int64_t{1} << 50, 0};
  pool.Point();
  ExpectRejected([&] { CountSegments(pool.tensors); }, {"segment_ids[0, 0]", "1125899906842624"});
}

}  // namespace
}  // namespace twinstream

int main() {
  for (uint32_t seed = 0; seed < 200; ++seed) twinstream::CheckCase(seed);
  twinstream::CheckRejects();
  return twinstream::Finish("pool_test");
}

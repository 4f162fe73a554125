#include "tests/reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace twinstream {
namespace {

using Row = std::vector<double>;

// One (row, head), unpacked and padded.
struct Head {
  int64_t n = 0;
  bool full = false;
  std::vector<Row> query, key, value;
  std::vector<bool> real;
};

Head Unpack(const AttentionAttributes& a, const Batch& batch, int64_t b, int64_t h) {
  Head head;
  int64_t n = batch.length;
  if (a.batch_invariant) {
    while (n > 0 && batch.mask[b * batch.length + n - 1] == 0) --n;
  }
  if (n > a.min_chunk_length) {
    while (n % a.pad_multiple != 0) ++n;
  }
  head.n = n;
  head.full = n <= std::max(a.chunk_length, a.full_attention_below);
  for (int64_t t = 0; t < n; ++t) {
    const bool inside = t < batch.length;
    head.real.push_back(inside && batch.mask[b * batch.length + t] == 1);
    const auto take = [&](const std::vector<float>& from) {
      Row row(batch.head_size, 0.0);
      if (!inside) return row;
      const int64_t at = ((b * batch.length + t) * batch.heads + h) * batch.head_size;
      for (int64_t k = 0; k < batch.head_size; ++k) row[k] = from[at + k];
      return row;
    };
    head.query.push_back(take(batch.query));
    head.key.push_back(take(batch.key));
    head.value.push_back(take(batch.value));
  }
  return head;
}

template <typename T>
std::vector<T> Slice(const std::vector<T>& list, int64_t from, int64_t to) {
  const auto size = static_cast<int64_t>(list.size());
  const auto clip = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t begin = clip(from);
  const int64_t end = std::max(begin, clip(to));
  return std::vector<T>(list.begin() + begin, list.begin() + end);
}

// For every chunk, the slots it sees: concat over shifts of (chunks[i:] + chunks[:i]).
std::vector<std::vector<int64_t>> Windows(int64_t slots, int64_t chunk_length, int64_t before,
                                          int64_t after) {
  std::vector<std::vector<int64_t>> chunks;
  for (int64_t slot = 0; slot < slots; ++slot) {
    if (slot % chunk_length == 0) chunks.emplace_back();
    chunks.back().push_back(slot);
  }
  std::vector<std::vector<int64_t>> windows(chunks.size());
  for (int64_t shift = -before; shift <= after; ++shift) {
    auto turned = chunks;
    if (shift != 0) {
      turned = Slice(chunks, shift, static_cast<int64_t>(chunks.size()));
      const auto rest = Slice(chunks, 0, shift);
      turned.insert(turned.end(), rest.begin(), rest.end());
    }
    for (size_t c = 0; c < chunks.size(); ++c) {
      windows[c].insert(windows[c].end(), turned[c].begin(), turned[c].end());
    }
  }
  return windows;
}

// What may differ from slot to slot: whether a key is left out, and what is added to its logit.
struct NoChange {
  bool Excluded(size_t, int64_t) const { return false; }
  double Added(size_t, int64_t) const { return 0; }
};

// `order` gives the position in each slot. Returns each slot's row and its logsumexp.
template <typename Change>
void AttendSlots(const Head& head, const std::vector<int64_t>& order,
                 const std::vector<std::vector<int64_t>>& windows, int64_t chunk_length,
                 bool causal, bool own, const Change& change, std::vector<Row>& out,
                 std::vector<float>& logsumexp) {
  const size_t size = head.query.empty() ? 0 : head.query[0].size();
  for (size_t slot = 0; slot < order.size(); ++slot) {
    const int64_t at = order[slot];
    const auto& window = windows[slot / chunk_length];
    std::vector<double> logits;
    for (const int64_t seen : window) {
      const int64_t key_at = order[seen];
      double logit = 0;
      for (size_t k = 0; k < size; ++k) logit += head.query[at][k] * head.key[key_at][k];
      logit += change.Added(slot, seen);
      if (!head.real[key_at] || (causal && key_at > at) || change.Excluded(slot, seen)) logit = -1e9;
      if (own && key_at == at) logit = -1e5;
      logits.push_back(logit);
    }
    const double max = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double logit : logits) sum += std::exp(logit - max);
    // In float32, as the reference: see Merge in cpu/gather-inl.h.
    const auto total = static_cast<float>(static_cast<float>(max) + static_cast<float>(std::log(sum)));
    Row row(size, 0.0);
    for (size_t i = 0; i < window.size(); ++i) {
      const double weight = std::exp(logits[i] - total);
      for (size_t k = 0; k < size; ++k) row[k] += weight * head.value[order[window[i]]][k];
    }
    out.push_back(row);
    logsumexp.push_back(total);
  }
}

using Sorted = std::vector<std::tuple<int64_t, int32_t, int64_t>>;  // round, bucket, position

// The options of LSH attention that the reference lacks.
class LshChange {
 public:
  LshChange(const LshAttributes& a, const Head& head, const Sorted& sorted,
            const std::vector<std::vector<int64_t>>& windows)
      : within_(a.within_bucket != 0 && !head.full), sorted_(sorted) {
    if (a.count_keys_once == 0 || head.full) return;
    met_.assign(static_cast<size_t>(head.n), std::vector<int64_t>(head.n, 0));
    for (size_t slot = 0; slot < sorted.size(); ++slot) {
      for (const int64_t seen : windows[slot / a.chunk_length]) {
        if (!Excluded(slot, seen)) ++met_[std::get<2>(sorted[slot])][std::get<2>(sorted[seen])];
      }
    }
  }
  bool Excluded(size_t slot, int64_t seen) const {
    const auto& query = sorted_[slot];
    const auto& key = sorted_[seen];
    return within_ && (std::get<0>(query) != std::get<0>(key) || std::get<1>(query) != std::get<1>(key));
  }
  double Added(size_t slot, int64_t seen) const {
    if (met_.empty() || Excluded(slot, seen)) return 0;
    return -std::log(met_[std::get<2>(sorted_[slot])][std::get<2>(sorted_[seen])]);
  }

 private:
  const bool within_;
  const Sorted& sorted_;
  std::vector<std::vector<int64_t>> met_;  // by query and key: times, over all rounds
};

std::vector<int64_t> FactorsOf(const LshAttributes& a, int64_t n) {
  if (!a.num_buckets.empty()) return a.num_buckets;
  int64_t power = 0;
  while ((int64_t{2} << power) <= 2 * (n / a.chunk_length)) ++power;
  if ((int64_t{1} << power) <= a.bucket_limit) return {int64_t{1} << power};
  return {int64_t{1} << (power / 2), int64_t{1} << (power - power / 2)};
}

int32_t BucketOf(const Row& x, const std::vector<int64_t>& factors, const Rotations& rotations,
                 int64_t round, int64_t h) {
  const auto& s = rotations.shape;
  int64_t bucket = 0;
  int64_t product = 1;
  for (size_t f = 0; f < factors.size(); ++f) {
    std::vector<float> rotated;
    for (int64_t c = 0; c < factors[f] / 2; ++c) {
      float sum = 0;
      for (int64_t k = 0; k < s[4]; ++k) {
        const int64_t at = (((round * s[1] + h) * s[2] + static_cast<int64_t>(f)) * s[3] + c) * s[4] + k;
        sum = std::fma(static_cast<float>(x[k]), rotations.values[at], sum);
      }
      rotated.push_back(sum);
    }
    for (int64_t c = 0; c < factors[f] / 2; ++c) rotated.push_back(-rotated[c]);
    bucket += product * (std::max_element(rotated.begin(), rotated.end()) - rotated.begin());
    product *= factors[f];
  }
  return static_cast<int32_t>(bucket);
}

void Put(const Batch& batch, const Head& head, int64_t b, int64_t h, const std::vector<Row>& rows,
         std::vector<float>& context) {
  for (int64_t t = 0; t < std::min(head.n, batch.length); ++t) {
    if (!head.real[t]) continue;
    const int64_t at = ((b * batch.length + t) * batch.heads + h) * batch.head_size;
    for (int64_t k = 0; k < batch.head_size; ++k) context[at + k] = static_cast<float>(rows[t][k]);
  }
}

}  // namespace

Attended ReferenceLocal(const AttentionAttributes& a, const Batch& batch) {
  Attended result;
  result.context.assign(batch.query.size(), 0.0f);
  for (int64_t b = 0; b < batch.rows; ++b) {
    for (int64_t h = 0; h < batch.heads; ++h) {
      Head head = Unpack(a, batch, b, h);
      if (head.n == 0) continue;
      for (Row& row : head.key) {
        for (double& x : row) x /= std::sqrt(static_cast<double>(batch.head_size));
      }
      std::vector<int64_t> order(head.n);
      std::iota(order.begin(), order.end(), 0);
      const int64_t chunk = head.full ? head.n : a.chunk_length;
      std::vector<Row> rows;
      std::vector<float> logsumexp;
      AttendSlots(head, order,
                  Windows(head.n, chunk, head.full ? 0 : a.chunks_before,
                          head.full ? 0 : a.chunks_after),
                  chunk, a.causal != 0, false, NoChange(), rows, logsumexp);
      Put(batch, head, b, h, rows, result.context);
    }
  }
  return result;
}

Attended ReferenceLsh(const LshAttributes& a, const Batch& batch, const Rotations& rotations) {
  Attended result;
  result.context.assign(batch.query.size(), 0.0f);
  result.buckets.assign(batch.rows * batch.heads * a.num_hashes * batch.length, -1);
  for (int64_t b = 0; b < batch.rows; ++b) {
    for (int64_t h = 0; h < batch.heads; ++h) {
      Head head = Unpack(a, batch, b, h);
      const auto factors = FactorsOf(a, head.n);
      const int64_t rounds = head.full ? 1 : a.num_hashes;
      Sorted sorted;
      for (int64_t r = 0; r < rounds; ++r) {
        const int64_t masked = std::accumulate(factors.begin(), factors.end(), int64_t{1},
                                               std::multiplies<int64_t>());
        for (int64_t t = 0; t < std::max(head.n, batch.length); ++t) {
          int32_t bucket = static_cast<int32_t>(masked);
          if (t < head.n && head.real[t] && !head.full) {
            bucket = BucketOf(head.query[t], factors, rotations, r, h);
          }
          if (!head.full && t < batch.length) {
            result.buckets[((b * batch.heads + h) * a.num_hashes + r) * batch.length + t] = bucket;
          }
          if (t < head.n) sorted.emplace_back(r, bucket, t);
        }
      }
      if (head.n == 0) continue;
      std::sort(sorted.begin(), sorted.end());
      for (size_t t = 0; t < head.key.size(); ++t) {
        double squares = 0;
        for (const double x : head.query[t]) squares += x * x;
        const double size = static_cast<double>(batch.head_size);
        for (int64_t k = 0; k < batch.head_size; ++k) {
          head.key[t][k] = head.query[t][k] / std::sqrt(squares / size + 1e-6) / std::sqrt(size);
        }
      }
      std::vector<int64_t> order;
      for (const auto& slot : sorted) order.push_back(std::get<2>(slot));
      const int64_t chunk = head.full ? head.n : a.chunk_length;
      std::vector<Row> rows;
      std::vector<float> logsumexp;
      const auto windows = Windows(static_cast<int64_t>(order.size()), chunk,
                                   head.full ? 0 : a.chunks_before, head.full ? 0 : a.chunks_after);
      AttendSlots(head, order, windows, chunk, a.causal != 0, true,
                  LshChange(a, head, sorted, windows), rows, logsumexp);
      std::vector<std::vector<size_t>> slots(head.n);  // by position
      for (size_t slot = 0; slot < order.size(); ++slot) slots[order[slot]].push_back(slot);
      std::vector<Row> merged(head.n, Row(batch.head_size, 0.0));
      for (int64_t t = 0; t < head.n; ++t) {
        float max = -INFINITY;
        for (const size_t slot : slots[t]) max = std::max(max, logsumexp[slot]);
        double sum = 0;
        for (const size_t slot : slots[t]) sum += std::exp(static_cast<double>(logsumexp[slot]) - max);
        const float total = rounds == 1 ? max : static_cast<float>(max + static_cast<float>(std::log(sum)));
        for (const size_t slot : slots[t]) {
          const double weight = std::exp(static_cast<double>(logsumexp[slot]) - total);
          for (int64_t k = 0; k < batch.head_size; ++k) merged[t][k] += weight * rows[slot][k];
        }
      }
      Put(batch, head, b, h, merged, result.context);
    }
  }
  return result;
}

}  // namespace twinstream

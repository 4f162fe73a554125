#include "cpu/lsh_attention.h"

#include <algorithm>
#include <string>

#include "cpu/bucket_sort.h"
#include "cpu/chunk_attention.h"
#include "cpu/rotation_columns.h"
#include "cpu/rows.h"

namespace twinstream {
namespace {

// Tokens hashed by a task.
constexpr int64_t kTokensPerTask = 1024;

// One call of the op. Memory beyond the tensors: 4 * (2 rounds + 2) bytes a token and head.
class LshCall {
 public:
  LshCall(const LshAttributes& attributes, const LshTensors& tensors, const SimdKernels& kernels,
          TaskRunner& runner)
      : attributes_(attributes),
        tensors_(tensors),
        kernels_(kernels),
        runner_(runner),
        rows_(PlanRows(attributes, tensors.sizes, tensors.mask)) {
    for (const RowPlan& row : rows_) {
      const bool hashed = row.chunked && !row.members.empty();
      plans_.push_back(row.chunked ? PlanBuckets(attributes, row.padded) : BucketPlan());
      offsets_.push_back({0, static_cast<int64_t>(row.members.size())});
      if (hashed) ++hashed_rows_;
    }
  }

  void Run() {
    ClearMasked(tensors_.sizes, tensors_.mask, tensors_.context, runner_);
    PlaceBuckets();
    if (hashed_rows_ > 0) {
      const size_t pairs = rows_.size() * Heads();
      const size_t length = static_cast<size_t>(tensors_.sizes.length);
      sorted_.resize(pairs * static_cast<size_t>(Rounds()) * length);
      if (Rounds() > 1) {
        running_max_.resize(pairs * length);
        running_sum_.resize(pairs * length);
      }
      if (tensors_.forced_buckets != nullptr) {
        TakeForcedBuckets();
      } else {
        HashAll();
      }
    }
    if (tensors_.buckets != nullptr) MarkOtherBuckets();
    if (hashed_rows_ > 0) SortAll();
    if (hashed_rows_ > 0 && attributes_.count_keys_once != 0) PlaceInChunks();
    for (int64_t round = 0; round < (hashed_rows_ > 0 ? Rounds() : 1); ++round) AttendRound(round);
  }

 private:
  size_t Heads() const { return static_cast<size_t>(attributes_.num_heads); }
  int64_t Rounds() const { return attributes_.num_hashes; }
  bool Hashed(size_t row) const { return rows_[row].chunked && !rows_[row].members.empty(); }

  // Offset of (row, head) in query_key, value and context.
  int64_t StateOffset(size_t row, size_t head) const {
    return static_cast<int64_t>(row) * tensors_.sizes.length * tensors_.sizes.hidden +
           static_cast<int64_t>(head) * tensors_.sizes.head_size;
  }
  // Offset of (row, head, round) in an array of [B, H, num_hashes, L].
  size_t RoundOffset(size_t row, size_t head, int64_t round) const {
    return ((row * Heads() + head) * static_cast<size_t>(Rounds()) + static_cast<size_t>(round)) *
           static_cast<size_t>(tensors_.sizes.length);
  }

  // Runs task(row, head, round) for every round of every hashed row.
  template <typename Task>
  void ForEachRound(const Task& task) {
    std::vector<size_t> hashed;
    for (size_t row = 0; row < rows_.size(); ++row) {
      if (Hashed(row)) hashed.push_back(row);
    }
    const size_t each = Heads() * static_cast<size_t>(Rounds());
    runner_.Run(hashed.size() * each, [&](size_t index) {
      const size_t rest = index % each;
      task(hashed[index / each], rest / static_cast<size_t>(Rounds()),
           static_cast<int64_t>(rest % static_cast<size_t>(Rounds())));
    });
  }

  // Buckets are written straight into the output where it is asked for.
  void PlaceBuckets() {
    buckets_ = tensors_.buckets;
    if (buckets_ != nullptr || hashed_rows_ == 0) return;
    own_buckets_.resize(RoundOffset(rows_.size(), 0, 0));
    buckets_ = own_buckets_.data();
  }

  void TakeForcedBuckets() {
    ForEachRound([&](size_t row, size_t head, int64_t round) {
      const size_t offset = RoundOffset(row, head, round);
      const int32_t* forced = tensors_.forced_buckets + offset;
      for (const int32_t position : rows_[row].members) {
        const int32_t bucket = forced[position];
        if (bucket < 0 || bucket >= plans_[row].count) {
          Reject("forced_buckets" + ToText(Shape{static_cast<int64_t>(row),
                                                 static_cast<int64_t>(head), round, position}),
                 bucket, "0 to " + std::to_string(plans_[row].count - 1));
        }
        buckets_[offset + static_cast<size_t>(position)] = bucket;
      }
    });
  }

  void HashAll() {
    const RotationColumns columns(tensors_.rotations, tensors_.rotation_shape, Rounds(), plans_);
    struct Part {
      size_t row;
      size_t head;
      int64_t begin;
      int64_t end;
    };
    std::vector<Part> parts;
    for (size_t row = 0; row < rows_.size(); ++row) {
      if (!Hashed(row)) continue;
      const int64_t length = rows_[row].members.back() + 1;
      for (size_t head = 0; head < Heads(); ++head) {
        for (int64_t begin = 0; begin < length; begin += kTokensPerTask) {
          parts.push_back({row, head, begin, std::min(begin + kTokensPerTask, length)});
        }
      }
    }
    const auto stride = static_cast<size_t>(tensors_.sizes.hidden);
    runner_.Run(parts.size(), [&](size_t index) {
      const Part& part = parts[index];
      const float* states = tensors_.query_key + StateOffset(part.row, part.head) +
                            part.begin * tensors_.sizes.hidden;
      for (int64_t round = 0; round < Rounds(); ++round) {
        int32_t multiplier = 1;
        for (size_t f = 0; f < plans_[part.row].factors.size(); ++f) {
          const int32_t factor = plans_[part.row].factors[f];
          kernels_.hash({static_cast<size_t>(tensors_.sizes.head_size),
                         static_cast<size_t>(part.end - part.begin), states, stride,
                         columns.At(round, static_cast<int64_t>(part.head), f), columns.stride(),
                         static_cast<size_t>(factor / 2), multiplier, f > 0,
                         buckets_ + RoundOffset(part.row, part.head, round) + part.begin});
          multiplier *= factor;
        }
      }
    });
  }

  // Masked positions of hashed rows, and all positions of rows attended in full.
  void MarkOtherBuckets() {
    const auto length = static_cast<size_t>(tensors_.sizes.length);
    const size_t each = Heads() * static_cast<size_t>(Rounds());
    for (size_t row = 0; row < rows_.size(); ++row) {
      const int64_t* mask = tensors_.mask + row * length;
      int32_t* to = buckets_ + row * each * length;
      for (size_t i = 0; i < each * length; ++i) {
        if (!rows_[row].chunked) {
          to[i] = -1;
        } else if (mask[i % length] == 0) {
          to[i] = plans_[row].count;
        }
      }
    }
  }

  void SortAll() {
    ForEachRound([&](size_t row, size_t head, int64_t round) {
      const size_t offset = RoundOffset(row, head, 0);
      const size_t count = rows_[row].members.size();
      SortByBucket(rows_[row].members, buckets_ + RoundOffset(row, head, round),
                   plans_[row].count,
                   sorted_.data() + offset + static_cast<size_t>(round) * count);
    });
  }

  // The ring's chunk of every position, round by round.
  void PlaceInChunks() {
    chunks_.resize(RoundOffset(rows_.size(), 0, 0));
    ForEachRound([&](size_t row, size_t head, int64_t round) {
      const size_t count = rows_[row].members.size();
      const int32_t* sorted = sorted_.data() + RoundOffset(row, head, 0) +
                              static_cast<size_t>(round) * count;
      int32_t* chunks = chunks_.data() + RoundOffset(row, head, round);
      const int64_t first = round * (rows_[row].padded / attributes_.chunk_length);
      for (size_t slot = 0; slot < count; ++slot) {
        chunks[sorted[slot]] =
            static_cast<int32_t>(first + static_cast<int64_t>(slot) / attributes_.chunk_length);
      }
    });
  }

  // Rows attended in full have a single round, the first.
  void AttendRound(int64_t round) {
    std::vector<ChunkJob> jobs;
    for (size_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row].members.empty() || (round > 0 && !rows_[row].chunked)) continue;
      for (size_t head = 0; head < Heads(); ++head) jobs.push_back(Job(row, head, round));
    }
    const ChunkConfig config{static_cast<size_t>(tensors_.sizes.head_size),
                             static_cast<size_t>(tensors_.sizes.hidden), attributes_.causal != 0,
                             true};
    AttendChunks(config, jobs, kernels_, runner_);
  }

  ChunkJob Job(size_t row, size_t head, int64_t round) {
    const RowPlan& plan = rows_[row];
    const int64_t at = StateOffset(row, head);
    ChunkJob job{};
    job.query = job.key = tensors_.query_key + at;
    job.value = tensors_.value + at;
    job.context = tensors_.context + at;
    job.first = round == 0;
    job.last = !plan.chunked || round == Rounds() - 1;
    if (!plan.chunked) {
      job.ring = ChunkRing::InOrder(plan.members.data(), offsets_[row], 1, plan.length);
      job.chunk_count = 1;
      return job;
    }
    const auto members = static_cast<int64_t>(plan.members.size());
    const int64_t chunks = plan.padded / attributes_.chunk_length;
    job.ring = ChunkRing::Sorted(sorted_.data() + RoundOffset(row, head, 0), members, chunks,
                                 Rounds(), attributes_.chunk_length);
    job.chunks_before = attributes_.chunks_before;
    job.chunks_after = attributes_.chunks_after;
    job.first_chunk = round * chunks;
    // Later chunks of the round hold masked positions only.
    job.chunk_count = (members + attributes_.chunk_length - 1) / attributes_.chunk_length;
    const size_t rounds_at = RoundOffset(row, head, 0);
    if (attributes_.within_bucket != 0) job.buckets = buckets_ + rounds_at;
    if (attributes_.count_keys_once != 0) job.chunks = chunks_.data() + rounds_at;
    job.rounds = Rounds();
    job.length = tensors_.sizes.length;
    if (Rounds() > 1) {
      const size_t pair = (row * Heads() + head) * static_cast<size_t>(tensors_.sizes.length);
      job.running_max = running_max_.data() + pair;
      job.running_sum = running_sum_.data() + pair;
    }
    return job;
  }

  const LshAttributes& attributes_;
  const LshTensors& tensors_;
  const SimdKernels& kernels_;
  TaskRunner& runner_;
  const std::vector<RowPlan> rows_;
  std::vector<BucketPlan> plans_;                // by row; empty where attended in full
  std::vector<std::vector<int64_t>> offsets_;    // of rows attended in full: one chunk
  size_t hashed_rows_ = 0;
  int32_t* buckets_ = nullptr;                   // [B, H, num_hashes, L]
  std::vector<int32_t> own_buckets_;
  std::vector<int32_t> sorted_;                  // [B, H] x [num_hashes, members]
  std::vector<int32_t> chunks_;                  // [B, H, num_hashes, L], to count keys once
  std::vector<float> running_max_;               // [B, H, L]
  std::vector<float> running_sum_;
};

}  // namespace

void LshAttention(const LshAttributes& attributes, const LshTensors& tensors,
                  const SimdKernels& kernels, TaskRunner& runner) {
  LshCall(attributes, tensors, kernels, runner).Run();
}

}  // namespace twinstream

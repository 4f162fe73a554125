#include "cpu/chunk_attention.h"

#include <algorithm>
#include <memory>

#include "cpu/key_repeats.h"
#include "cpu/scratch_pool.h"
#include "cpu/window_tiles.h"

namespace twinstream {
namespace {

// Blocks of queries a task: enough that a window is gathered about once, few enough that two
// threads share a short document.
constexpr int64_t kBlocksPerTask = 16;

// What one task needs; handed from task to task, so there are as many as threads.
class Scratch {
 public:
  Scratch(const ChunkConfig& config, const SimdKernels& kernels)
      : tiles(config, kernels),
        transposed(config.head_size * kTileQueries),
        weighted(kTileQueries * tiles.row_stride()),
        max(kTileQueries),
        sum(kTileQueries) {}

  float* Scores(size_t keys) {
    if (keys > score_keys_) {
      scores_ = AlignedBuffer(keys * kTileQueries);
      score_keys_ = keys;
    }
    return scores_.data();
  }

  WindowTiles tiles;
  AlignedBuffer transposed;
  AlignedBuffer weighted;
  AlignedBuffer max;
  AlignedBuffer sum;
  alignas(kAlignment) int32_t buckets[kTileQueries] = {};
  KeyRepeats repeats;

 private:
  AlignedBuffer scores_;
  size_t score_keys_ = 0;
};

void AttendBlock(const ChunkConfig& config, const ChunkJob& job, const Members& queries,
                 const std::vector<WindowKey>& window, const SimdKernels& kernels,
                 Scratch& scratch) {
  AttendArgs args;
  args.query = job.query;
  args.stride = config.stride;
  args.positions = queries.positions;
  args.queries = static_cast<size_t>(queries.count);
  args.window = window.data();
  args.keys = window.size();
  args.head_size = config.head_size;
  args.row_stride = scratch.tiles.row_stride();
  args.causal = config.causal;
  args.mask_own = config.shared_key;
  args.buckets = nullptr;
  args.corrections = nullptr;
  if (job.buckets != nullptr) {
    const int32_t* buckets = job.buckets + job.ring.RoundOf(job.first_chunk) * job.length;
    for (int64_t q = 0; q < queries.count; ++q) {
      scratch.buckets[q] = buckets[queries.positions[q]];
    }
    args.buckets = scratch.buckets;
  }
  if (job.chunks != nullptr) args.corrections = scratch.repeats.Corrections(job, queries, window);
  args.transposed = scratch.transposed.data();
  args.scores = scratch.Scores(window.size());
  args.weighted = scratch.weighted.data();
  args.max = scratch.max.data();
  args.sum = scratch.sum.data();
  kernels.attend(args);
  kernels.merge({args.weighted, args.row_stride, args.max, args.sum, args.positions, args.queries,
                 args.head_size, job.context, args.stride, job.running_max, job.running_sum,
                 job.first, job.last});
}

int64_t BlocksOf(const ChunkJob& job) {
  constexpr auto kBlockSize = static_cast<int64_t>(kTileQueries);
  return (job.ring.chunk_length() + kBlockSize - 1) / kBlockSize;
}

// Blocks [begin, end) of a job, counted over its chunks.
void AttendRun(const ChunkConfig& config, const ChunkJob& job, int64_t begin, int64_t end,
               const SimdKernels& kernels, Scratch& scratch) {
  const int64_t blocks = BlocksOf(job);
  const std::vector<WindowKey>* window = nullptr;
  int64_t loaded = -1;
  scratch.tiles.Forget();
  for (int64_t block = begin; block < end; ++block) {
    const int64_t chunk = job.first_chunk + block / blocks;
    const Members members = job.ring.At(chunk);
    const int64_t from = block % blocks * static_cast<int64_t>(kTileQueries);
    if (from >= members.count) continue;
    if (loaded != chunk) {
      window = &scratch.tiles.Load(job, chunk);
      loaded = chunk;
    }
    const int64_t count = std::min<int64_t>(kTileQueries, members.count - from);
    AttendBlock(config, job, {members.positions + from, count}, *window, kernels, scratch);
  }
}

}  // namespace

void AttendChunks(const ChunkConfig& config, const std::vector<ChunkJob>& jobs,
                  const SimdKernels& kernels, TaskRunner& runner) {
  std::vector<int64_t> first_task = {0};  // by job
  for (const ChunkJob& job : jobs) {
    const int64_t blocks = job.chunk_count * BlocksOf(job);
    first_task.push_back(first_task.back() + (blocks + kBlocksPerTask - 1) / kBlocksPerTask);
  }
  ScratchPool<Scratch> pool([&] { return std::make_unique<Scratch>(config, kernels); });
  runner.Run(static_cast<size_t>(first_task.back()), [&](size_t index) {
    const auto task = static_cast<int64_t>(index);
    const auto next = std::upper_bound(first_task.begin(), first_task.end(), task);
    const auto number = static_cast<size_t>(next - first_task.begin() - 1);
    const ChunkJob& job = jobs[number];
    const int64_t begin = (task - first_task[number]) * kBlocksPerTask;
    const int64_t end = std::min(begin + kBlocksPerTask, job.chunk_count * BlocksOf(job));
    std::unique_ptr<Scratch> scratch = pool.Take();
    AttendRun(config, job, begin, end, kernels, *scratch);
    pool.Give(std::move(scratch));
  });
}

}  // namespace twinstream

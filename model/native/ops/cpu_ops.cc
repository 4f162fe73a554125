#include "ops/cpu_ops.h"

#include <cstdlib>

#include "cpu/simd.h"
#include "ops/feed_forward_op.h"
#include "ops/local_attention_op.h"
#include "ops/lsh_attention_op.h"
#include "ops/projection_ops.h"
#include "ops/segment_pool_op.h"

namespace twinstream {
namespace {

constexpr const char* kRounds = "twinstream.rounds";
constexpr int64_t kMostRounds = 1024;

// "1" leaves the dense maps to the standard ops that the model gives for them, for a provider that
// has kernels for those and not for ours.
constexpr const char* kStandardDense = "twinstream.standard_dense";

int64_t ReadRounds(const OrtSessionOptions* options) {
  const std::optional<std::string> entry = SessionEntry(options, kRounds);
  if (!entry) return 0;
  char* end = nullptr;
  const long long rounds = std::strtoll(entry->c_str(), &end, 10);
  if (entry->empty() || *end != '\0' || rounds < 1 || rounds > kMostRounds) {
    Reject(std::string("session entry ") + kRounds, "'" + *entry + "'",
           "a whole number from 1 to " + std::to_string(kMostRounds));
  }
  return rounds;
}

bool ReadStandardDense(const OrtSessionOptions* options) {
  const std::string entry = SessionEntry(options, kStandardDense).value_or("0");
  if (entry != "0" && entry != "1") {
    Reject(std::string("session entry ") + kStandardDense, "'" + entry + "'", "0 or 1");
  }
  return entry == "1";
}

}  // namespace

SessionSettings ReadSettings(const OrtSessionOptions* options) {
  return {ReadRounds(options), ReadStandardDense(options)};
}

std::vector<const OrtCustomOp*> CpuOps(const SessionSettings& settings) {
  // Fails here, loudly, and not when a kernel first runs.
  ChosenKernels();
  static const CustomOp<LocalAttentionOp> local;
  static const CustomOp<SegmentPoolOp> pool;
  static const CustomOp<FeedForwardOp> feed_forward;
  static const CustomOp<LshProjectionOp> lsh_projection;
  static const CustomOp<LocalProjectionOp> local_projection;
  static const CustomOp<OutputProjectionOp> output_projection;
  std::vector<const OrtCustomOp*> ops = {ForRounds<CustomOp, LshAttentionOp>(settings.rounds),
                                         &local, &pool};
  if (!settings.standard_dense) {
    ops.insert(ops.end(), {&feed_forward, &lsh_projection, &local_projection, &output_projection});
  }
  return ops;
}

}  // namespace twinstream

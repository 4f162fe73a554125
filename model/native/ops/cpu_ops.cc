#include "ops/cpu_ops.h"

#include <cstdlib>

#include "cpu/simd.h"
#include "ops/feed_forward_op.h"
#include "ops/local_attention_op.h"
#include "ops/lsh_attention_op.h"
#include "ops/segment_pool_op.h"

namespace twinstream {
namespace {

constexpr const char* kRounds = "twinstream.rounds";
constexpr int64_t kMostRounds = 1024;

// "1" leaves FeedForward to the standard ops that the model gives for it, for a provider that has
// kernels for those and not for ours.
constexpr const char* kStandardFeedForward = "twinstream.standard_feed_forward";

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

}  // namespace

SessionSettings ReadSettings(const OrtSessionOptions* options) {
  return {ReadRounds(options), SessionEntry(options, kStandardFeedForward) == "1"};
}

std::vector<const OrtCustomOp*> CpuOps(const SessionSettings& settings) {
  // Fails here, loudly, and not when a kernel first runs.
  ChosenKernels();
  static const CustomOp<LocalAttentionOp> local;
  static const CustomOp<SegmentPoolOp> pool;
  static const CustomOp<FeedForwardOp> feed_forward;
  std::vector<const OrtCustomOp*> ops = {ForRounds<CustomOp, LshAttentionOp>(settings.rounds),
                                         &local, &pool};
  if (!settings.standard_feed_forward) ops.push_back(&feed_forward);
  return ops;
}

}  // namespace twinstream

// The entry point that ONNX Runtime calls when the library is registered with a session.
#include <cstdlib>
#include <map>
#include <mutex>

#include "cpu/simd.h"
#include "ops/feed_forward_op.h"
#include "ops/local_attention_op.h"
#include "ops/lsh_attention_op.h"
#include "ops/segment_pool_op.h"

namespace {

using twinstream::Check;
using twinstream::ort;
using LshOp = twinstream::CustomOp<twinstream::LshAttentionOp>;

// Session entry: how many rounds of hashing LSH layers run, in place of the model's own number.
// Read when the ops are registered, so it must be set before.
constexpr const char* kRounds = "twinstream.rounds";
constexpr int64_t kMostRounds = 1024;

int64_t ReadRounds(const OrtSessionOptions* options) {
  const std::optional<std::string> entry = twinstream::SessionEntry(options, kRounds);
  if (!entry) return 0;
  char* end = nullptr;
  const long long rounds = std::strtoll(entry->c_str(), &end, 10);
  if (entry->empty() || *end != '\0' || rounds < 1 || rounds > kMostRounds) {
    twinstream::Reject(std::string("session entry ") + kRounds, "'" + *entry + "'",
                       "a whole number from 1 to " + std::to_string(kMostRounds));
  }
  return rounds;
}

// Session entry: "1" leaves FeedForward to the standard ops that the model gives for it, for a
// provider that has kernels for those and not for ours.
constexpr const char* kStandardFeedForward = "twinstream.standard_feed_forward";

// Sessions keep pointers to their ops, so an op lives as long as the library: one a number of
// rounds.
const LshOp* LshOf(int64_t rounds) {
  static std::mutex mutex;
  static std::map<int64_t, LshOp> ops;
  const std::lock_guard<std::mutex> lock(mutex);
  twinstream::LshAttentionOp op;
  op.rounds = rounds;
  return &ops.try_emplace(rounds, op).first->second;
}

void AddOps(OrtSessionOptions* options) {
  // Fails here, loudly, where TWINSTREAM_SIMD asks for what this CPU does not have.
  twinstream::ChosenKernels();
  const LshOp* lsh = LshOf(ReadRounds(options));
  static const twinstream::CustomOp<twinstream::LocalAttentionOp> local;
  static const twinstream::CustomOp<twinstream::SegmentPoolOp> pool;
  static const twinstream::CustomOp<twinstream::FeedForwardOp> feed_forward;
  OrtCustomOpDomain* domain = nullptr;
  Check(ort->CreateCustomOpDomain("twinstream", &domain));
  // The session options keep the domain's ops, not the domain's owner: it lives as long as the
  // library, like the ops themselves.
  Check(ort->CustomOpDomain_Add(domain, lsh));
  Check(ort->CustomOpDomain_Add(domain, &local));
  Check(ort->CustomOpDomain_Add(domain, &pool));
  if (twinstream::SessionEntry(options, kStandardFeedForward) != "1") {
    Check(ort->CustomOpDomain_Add(domain, &feed_forward));
  }
  Check(ort->AddCustomOpDomain(options, domain));
}

}  // namespace

extern "C" __attribute__((visibility("default"))) OrtStatus* ORT_API_CALL
RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* api_base) {
  ort = api_base->GetApi(twinstream::kApiVersion);
  if (ort == nullptr) {
    // Even an error status needs an API: version 1 of it is in every runtime.
    return api_base->GetApi(1)->CreateStatus(
        ORT_FAIL, (std::string("twinstream ops: ONNX Runtime is ") + api_base->GetVersionString() +
                   ", wanted 1.21 or later")
                      .c_str());
  }
  return twinstream::Guard("twinstream ops", [&] { AddOps(options); });
}

// For Java, dev.twinstream.model.NativeOps.vectorBits: how wide the vectors are that the ops use
// here; 0 = none; -1 = TWINSTREAM_SIMD asks for what this CPU does not have. Plain numbers, so that
// the build needs no Java headers.
extern "C" __attribute__((visibility("default"))) int32_t
Java_dev_twinstream_model_NativeOps_vectorBits(void*, void*) noexcept {
  try {
    return twinstream::ChosenKernels().vector_bits;
  } catch (const twinstream::InvalidInput&) {
    return -1;
  }
}

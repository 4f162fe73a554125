// The ops for the CPU, which every library of ops registers, whatever else it has.
#ifndef TWINSTREAM_OPS_CPU_OPS_H_
#define TWINSTREAM_OPS_CPU_OPS_H_

#include <map>
#include <mutex>
#include <vector>

#include "ops/ort_api.h"

namespace twinstream {

// What a session asks of the ops of all providers alike. Read when they are registered, so its
// entries must be set before.
struct SessionSettings {
  int64_t rounds;       // session entry twinstream.rounds, of hashing; 0 = the nodes' own
  bool standard_dense;  // session entry twinstream.standard_dense
};

// Throws InvalidInput where an entry is out of its range.
SessionSettings ReadSettings(const OrtSessionOptions* options);

// Sessions keep pointers to their ops, so an op lives as long as the library: one a number of
// rounds. `Custom<Op>` is the OrtCustomOp of an op that has the member `rounds`.
template <template <typename> class Custom, typename Op>
const OrtCustomOp* ForRounds(int64_t rounds) {
  static std::mutex mutex;
  static std::map<int64_t, Custom<Op>> ops;
  const std::lock_guard<std::mutex> lock(mutex);
  Op op;
  op.rounds = rounds;
  return &ops.try_emplace(rounds, op).first->second;
}

// Throws InvalidInput where TWINSTREAM_SIMD asks for what this CPU does not have.
std::vector<const OrtCustomOp*> CpuOps(const SessionSettings& settings);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_CPU_OPS_H_

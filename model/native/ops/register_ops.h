// What every library of ops does when ONNX Runtime registers it with a session.
#ifndef TWINSTREAM_OPS_REGISTER_OPS_H_
#define TWINSTREAM_OPS_REGISTER_OPS_H_

#include <vector>

#include "ops/cpu_ops.h"
#include "ops/ort_api.h"

namespace twinstream {

// Keeps the API and adds the ops to the options, in the domain `twinstream`. `make` gives ops that
// live as long as the library; what it throws becomes the status.
using MakeOps = std::vector<const OrtCustomOp*> (*)(const SessionSettings&);
OrtStatus* RegisterOps(OrtSessionOptions* options, const OrtApiBase* api_base,
                       MakeOps make) noexcept;

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_REGISTER_OPS_H_

#include "ops/register_ops.h"

namespace twinstream {

OrtStatus* RegisterOps(OrtSessionOptions* options, const OrtApiBase* api_base,
                       MakeOps make) noexcept {
  ort = api_base->GetApi(kApiVersion);
  if (ort == nullptr) {
    // Even an error status needs an API: version 1 of it is in every runtime.
    return api_base->GetApi(1)->CreateStatus(
        ORT_FAIL, (std::string("twinstream ops: ONNX Runtime is ") + api_base->GetVersionString() +
                   ", wanted 1.21 or later")
                      .c_str());
  }
  return Guard("twinstream ops", [&] {
    const std::vector<const OrtCustomOp*> ops = make(ReadSettings(options));
    OrtCustomOpDomain* domain = nullptr;
    Check(ort->CreateCustomOpDomain("twinstream", &domain));
    // The session options keep the domain's ops, not the domain's owner: it lives as long as the
    // library, like the ops themselves.
    for (const OrtCustomOp* op : ops) Check(ort->CustomOpDomain_Add(domain, op));
    Check(ort->AddCustomOpDomain(options, domain));
  });
}

}  // namespace twinstream

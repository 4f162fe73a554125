// The entry point that ONNX Runtime calls when the library is registered with a session.
#include "cpu/simd.h"
#include "ops/local_attention_op.h"
#include "ops/lsh_attention_op.h"
#include "ops/segment_pool_op.h"

namespace {

using twinstream::Check;
using twinstream::ort;

void AddOps(OrtSessionOptions* options) {
  // Fails here, loudly, where TWINSTREAM_SIMD asks for what this CPU does not have.
  twinstream::ChosenKernels();
  static const twinstream::CustomOp<twinstream::LshAttentionOp> lsh;
  static const twinstream::CustomOp<twinstream::LocalAttentionOp> local;
  static const twinstream::CustomOp<twinstream::SegmentPoolOp> pool;
  OrtCustomOpDomain* domain = nullptr;
  Check(ort->CreateCustomOpDomain("twinstream", &domain));
  // The session options keep the domain's ops, not the domain's owner: it lives as long as the
  // library, like the ops themselves.
  Check(ort->CustomOpDomain_Add(domain, &lsh));
  Check(ort->CustomOpDomain_Add(domain, &local));
  Check(ort->CustomOpDomain_Add(domain, &pool));
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

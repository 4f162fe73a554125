// LocalSelfAttention (Reformer, section 3, as in its reference): every token attends to its own
// chunk and the neighbouring ones.
//
// In:  query, key, value float [B, L, H*D], mask int64 [B, L].
// Out: context float [B, L, H*D].
// Errors, each an OrtStatus: an attribute out of its range; shapes that do not fit together; a mask
// other than 0 and 1. Values that are not numbers are no error.
#ifndef TWINSTREAM_OPS_LOCAL_ATTENTION_OP_H_
#define TWINSTREAM_OPS_LOCAL_ATTENTION_OP_H_

#include "ops/attributes.h"
#include "ops/custom_op.h"

namespace twinstream {

struct LocalAttentionOp {
  static constexpr const char* kName = "LocalSelfAttention";
  static constexpr Port kInputs[] = {{"query", kFloat, false},
                                     {"key", kFloat, false},
                                     {"value", kFloat, false},
                                     {"mask", kInt64, false}};
  static constexpr Port kOutputs[] = {{"context", kFloat, false}};

  static void InferShapes(ShapeContext& shapes);

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info);
    void Compute(OrtKernelContext* context) const;

   private:
    const AttentionAttributes attributes_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_LOCAL_ATTENTION_OP_H_

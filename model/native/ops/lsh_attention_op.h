// LSHSelfAttention (Reformer, section 2): every token attends to the tokens that hash near it.
//
// In:  query_key float [B, L, H*D], value float [B, L, H*D], mask int64 [B, L],
//      rotations float [R >= num_hashes, H, F, C, D], forced_buckets int32 [B, H, num_hashes, L]
//      (optional: used in place of hashing).
// Out: context float [B, L, H*D]; buckets int32 [B, H, num_hashes, L] (optional).
// Errors, each an OrtStatus: an attribute out of its range; shapes that do not fit together; fewer
// rounds, factors or columns of rotations than a row needs; a mask other than 0 and 1; a forced
// bucket out of range. Values that are not numbers are no error.
#ifndef TWINSTREAM_OPS_LSH_ATTENTION_OP_H_
#define TWINSTREAM_OPS_LSH_ATTENTION_OP_H_

#include "ops/attributes.h"
#include "ops/custom_op.h"

namespace twinstream {

struct LshAttentionOp {
  static constexpr const char* kName = "LSHSelfAttention";
  static constexpr Port kInputs[] = {{"query_key", kFloat, false},
                                     {"value", kFloat, false},
                                     {"mask", kInt64, false},
                                     {"rotations", kFloat, false},
                                     {"forced_buckets", kInt32, true}};
  static constexpr Port kOutputs[] = {{"context", kFloat, false}, {"buckets", kInt32, true}};

  static void InferShapes(ShapeContext& shapes);

  class Kernel {
   public:
    Kernel(const OrtKernelInfo* info, int64_t rounds);
    void Compute(OrtKernelContext* context) const;

   private:
    const LshAttributes attributes_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info, rounds);
  }

  // Rounds of hashing in this session, in place of the nodes' num_hashes; 0 = the nodes'.
  int64_t rounds = 0;
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_LSH_ATTENTION_OP_H_

// SegmentPool: token states to one encoding a document and one a segment (not in the paper).
//
// In:  states float [B, L, E], weights float [B, L] (0 = left out), segment_ids int64 [B, L]
//      (-1 = in none), projection float [E, P] (optional).
// Out: document float [B, P or E]; segments float [B, S, P or E] with S = 1 + the greatest id, at
//      least 1, known only when it runs.
// Attribute: normalize (int, default 1): results have Euclidean length 1; zero stays zero.
// Errors, each an OrtStatus: shapes that do not fit together; a negative weight; an id below -1 or
// absurdly large.
#ifndef TWINSTREAM_OPS_SEGMENT_POOL_OP_H_
#define TWINSTREAM_OPS_SEGMENT_POOL_OP_H_

#include "ops/custom_op.h"

namespace twinstream {

struct SegmentPoolOp {
  static constexpr const char* kName = "SegmentPool";
  static constexpr Port kInputs[] = {{"states", kFloat, false},
                                     {"weights", kFloat, false},
                                     {"segment_ids", kInt64, false},
                                     {"projection", kFloat, true}};
  static constexpr Port kOutputs[] = {{"document", kFloat, false}, {"segments", kFloat, true}};

  static void InferShapes(ShapeContext& shapes);

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info);
    void Compute(OrtKernelContext* context) const;

   private:
    const bool normalise_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_SEGMENT_POOL_OP_H_

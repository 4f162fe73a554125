// FeedForward (Reformer, section 3): residual + Relu(LayerNorm(states) W1 + b1) W2 + b2, a few
// positions at a time. What standard ops would do, without writing to memory what lies between.
//
// In:  states and residual float [B, L, E]; constants of the graph: norm_scale and norm_bias
//      float [E], first float [E, F], first_bias [F], second [F, E], second_bias [E].
// Out: out float [B, L, E].
// Attributes: epsilon (float), of the LayerNorm; weight_bits (int, 32 where it is absent): 8 takes
//      the products in whole numbers of 8 bits (cpu/dense.h).
// Errors, each an OrtStatus: shapes that do not fit together; E or F no multiple of 32; weights that
// are no constants; weight_bits other than 8 and 32.
#ifndef TWINSTREAM_OPS_FEED_FORWARD_OP_H_
#define TWINSTREAM_OPS_FEED_FORWARD_OP_H_

#include "cpu/feed_forward.h"
#include "ops/custom_op.h"

namespace twinstream {

struct FeedForwardOp {
  static constexpr const char* kName = "FeedForward";
  static constexpr Port kInputs[] = {
      {"states", kFloat, false},     {"residual", kFloat, false}, {"norm_scale", kFloat, false},
      {"norm_bias", kFloat, false},  {"first", kFloat, false},    {"first_bias", kFloat, false},
      {"second", kFloat, false},     {"second_bias", kFloat, false}};
  static constexpr Port kOutputs[] = {{"out", kFloat, false}};

  static void InferShapes(ShapeContext& shapes);

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info);
    void Compute(OrtKernelContext* context) const;

   private:
    const FeedForwardWeights weights_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_FEED_FORWARD_OP_H_

// The dense maps around attention. What standard ops would do, with one reading of the states.
//
// LshProjection and LocalProjection: LayerNorm(states) W for two matrices W, or three.
// In:  states float [B, L, E]; constants of the graph: norm_scale and norm_bias float [E];
//      query_key and value [E, M], or query, key and value.
// Out: as many, float [B, L, M], under the matrices' names.
// Attributes: epsilon (float), of the LayerNorm; weight_bits (int), as FeedForward's.
//
// OutputProjection: residual + context W.
// In:  context float [B, L, M]; residual float [B, L, E]; weight [M, E], a constant of the graph.
// Out: out float [B, L, E].
// Attribute: weight_bits.
//
// Errors, each an OrtStatus: shapes that do not fit together; E or M no multiple of 32; weights that
// are no constants; weight_bits other than 8 and 32.
#ifndef TWINSTREAM_OPS_PROJECTION_OPS_H_
#define TWINSTREAM_OPS_PROJECTION_OPS_H_

#include "cpu/projection.h"
#include "ops/custom_op.h"

namespace twinstream {

class InputProjectionKernel {
 public:
  // `inputs`: the op's, as errors name them.
  InputProjectionKernel(const OrtKernelInfo* info, const Port* inputs);
  void Compute(OrtKernelContext* context) const;

 private:
  const ProjectionWeights weights_;
};

struct LshProjectionOp {
  static constexpr const char* kName = "LshProjection";
  static constexpr Port kInputs[] = {{"states", kFloat, false},
                                     {"norm_scale", kFloat, false},
                                     {"norm_bias", kFloat, false},
                                     {"query_key", kFloat, false},
                                     {"value", kFloat, false}};
  static constexpr Port kOutputs[] = {{"query_key", kFloat, false}, {"value", kFloat, false}};
  using Kernel = InputProjectionKernel;

  static void InferShapes(ShapeContext& shapes);

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info, kInputs);
  }
};

struct LocalProjectionOp {
  static constexpr const char* kName = "LocalProjection";
  static constexpr Port kInputs[] = {
      {"states", kFloat, false}, {"norm_scale", kFloat, false}, {"norm_bias", kFloat, false},
      {"query", kFloat, false},  {"key", kFloat, false},        {"value", kFloat, false}};
  static constexpr Port kOutputs[] = {
      {"query", kFloat, false}, {"key", kFloat, false}, {"value", kFloat, false}};
  using Kernel = InputProjectionKernel;

  static void InferShapes(ShapeContext& shapes);

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info, kInputs);
  }
};

struct OutputProjectionOp {
  static constexpr const char* kName = "OutputProjection";
  static constexpr Port kInputs[] = {
      {"context", kFloat, false}, {"residual", kFloat, false}, {"weight", kFloat, false}};
  static constexpr Port kOutputs[] = {{"out", kFloat, false}};

  static void InferShapes(ShapeContext& shapes);

  class Kernel {
   public:
    explicit Kernel(const OrtKernelInfo* info);
    void Compute(OrtKernelContext* context) const;

   private:
    const ProjectionWeights weights_;
  };

  std::unique_ptr<Kernel> MakeKernel(const OrtKernelInfo* info) const {
    return std::make_unique<Kernel>(info);
  }
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_PROJECTION_OPS_H_

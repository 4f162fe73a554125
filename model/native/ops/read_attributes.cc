#include "ops/read_attributes.h"

#include "ops/check_shapes.h"

namespace twinstream {
namespace {

void ReadShared(const OrtKernelInfo* info, AttentionAttributes& a) {
  a.num_heads = ReadRequiredInt(info, "num_heads");
  a.chunk_length = ReadRequiredInt(info, "chunk_length");
  a.chunks_before = ReadInt(info, "chunks_before", a.chunks_before);
  a.chunks_after = ReadInt(info, "chunks_after", a.chunks_after);
  a.causal = ReadInt(info, "causal", a.causal);
  a.batch_invariant = ReadInt(info, "batch_invariant", a.batch_invariant);
  // A graph of one kind of layer may leave these out.
  a.min_chunk_length = ReadInt(info, "min_chunk_length", a.chunk_length);
  a.pad_multiple = ReadInt(info, "pad_multiple", a.chunk_length);
}

}  // namespace

AttentionAttributes ReadAttentionAttributes(const OrtKernelInfo* info) {
  AttentionAttributes attributes;
  ReadShared(info, attributes);
  Validate(attributes);
  return attributes;
}

LshAttributes ReadLshAttributes(const OrtKernelInfo* info, int64_t rounds) {
  LshAttributes attributes;
  ReadShared(info, attributes);
  attributes.num_hashes = ReadRequiredInt(info, "num_hashes");
  attributes.num_buckets = ReadInts(info, "num_buckets");
  attributes.bucket_limit = ReadInt(info, "bucket_limit", 0);
  attributes.within_bucket = ReadInt(info, "within_bucket", 0);
  attributes.count_keys_once = ReadInt(info, "count_keys_once", 0);
  attributes.full_attention_below = ReadInt(info, "full_attention_below", 0);
  Validate(attributes);
  if (rounds == 0) return attributes;
  attributes.num_hashes = rounds;
  // Rotations are a constant wherever a model is served: too few are refused when it is loaded.
  const TensorView rotations = ConstantInput(info, 3);
  if (rotations.present) CheckRounds(rotations.shape, attributes);
  return attributes;
}

}  // namespace twinstream

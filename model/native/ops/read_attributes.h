// The attention ops' attributes from a node, validated.
#ifndef TWINSTREAM_OPS_READ_ATTRIBUTES_H_
#define TWINSTREAM_OPS_READ_ATTRIBUTES_H_

#include "ops/attributes.h"
#include "ops/ort_api.h"

namespace twinstream {

AttentionAttributes ReadAttentionAttributes(const OrtKernelInfo* info);
// `rounds` of hashing in place of the node's num_hashes; 0 = the node's.
LshAttributes ReadLshAttributes(const OrtKernelInfo* info, int64_t rounds);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_READ_ATTRIBUTES_H_

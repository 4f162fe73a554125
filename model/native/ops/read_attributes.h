// The attention ops' attributes from a node, validated.
#ifndef TWINSTREAM_OPS_READ_ATTRIBUTES_H_
#define TWINSTREAM_OPS_READ_ATTRIBUTES_H_

#include "ops/attributes.h"
#include "ops/ort_api.h"

namespace twinstream {

AttentionAttributes ReadAttentionAttributes(const OrtKernelInfo* info);
LshAttributes ReadLshAttributes(const OrtKernelInfo* info);

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_READ_ATTRIBUTES_H_

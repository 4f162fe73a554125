// Order of one round: unmasked positions by (bucket, position).
#ifndef TWINSTREAM_CPU_BUCKET_SORT_H_
#define TWINSTREAM_CPU_BUCKET_SORT_H_

#include <cstdint>
#include <vector>

namespace twinstream {

// `members` ascend; `buckets` is by position, each within [0, bucket_count). Writes members.size()
// positions. Time and memory are linear in the members, however many buckets there are.
void SortByBucket(const std::vector<int32_t>& members, const int32_t* buckets,
                  int32_t bucket_count, int32_t* sorted);

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_BUCKET_SORT_H_

#include "cpu/bucket_sort.h"

#include <algorithm>

namespace twinstream {

void SortByBucket(const std::vector<int32_t>& members, const int32_t* buckets,
                  int32_t bucket_count, int32_t* sorted) {
  // A table of counts far longer than the row would cost more than it saves.
  if (static_cast<size_t>(bucket_count) > 16 * members.size() + 1024) {
    std::copy(members.begin(), members.end(), sorted);
    std::sort(sorted, sorted + members.size(), [buckets](int32_t a, int32_t b) {
      return buckets[a] != buckets[b] ? buckets[a] < buckets[b] : a < b;
    });
    return;
  }
  std::vector<int32_t> next(static_cast<size_t>(bucket_count) + 1, 0);
  for (const int32_t position : members) ++next[static_cast<size_t>(buckets[position]) + 1];
  for (size_t bucket = 1; bucket < next.size(); ++bucket) next[bucket] += next[bucket - 1];
  for (const int32_t position : members) {
    sorted[next[static_cast<size_t>(buckets[position])]++] = position;
  }
}

}  // namespace twinstream

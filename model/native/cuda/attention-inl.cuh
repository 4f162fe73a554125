// The ops as a sequence of kernels. Compiled once a type: see attention_float.cu and its kin.
#ifndef TWINSTREAM_CUDA_ATTENTION_INL_CUH_
#define TWINSTREAM_CUDA_ATTENTION_INL_CUH_

#include <algorithm>
#include <type_traits>

#include "cuda/attend_float_kernel.cuh"
#include "cuda/attend_half_kernel.cuh"
#include "cuda/attention.h"
#include "cuda/hash_kernel.cuh"
#include "cuda/mask_kernel.cuh"
#include "cuda/merge_kernel.cuh"

namespace twinstream::cuda {

inline int64_t DivideUp(int64_t value, int64_t by) { return (value + by - 1) / by; }

// The smallest number of bits that hold every number up to `largest`.
inline int BitsFor(int64_t largest) {
  int bits = 0;
  while (bits < 63 && (int64_t{1} << bits) <= largest) ++bits;
  return bits;
}

inline void CheckAligned(const char* name, const void* data) {
  if (reinterpret_cast<uintptr_t>(data) % 16 != 0) {
    Reject(std::string("the address of ") + name, "not aligned", "a multiple of 16");
  }
}

template <bool kShared, typename T, int kHeadSize>
void LaunchAttention(const AttendParameters<T>& parameters, int64_t batch, Device& device) {
  const int64_t blocks = batch * parameters.heads * parameters.rules.rounds * parameters.chunks *
                         parameters.tiles;
  if constexpr (std::is_same_v<T, float>) {
    Launch(device, AttendFloat<kShared, kHeadSize>, blocks, kAttendThreads,
           sizeof(FloatTiles<kHeadSize>), parameters);
  } else {
    Launch(device, AttendHalf<kShared, T, kHeadSize>, blocks, kAttendThreads,
           sizeof(HalfTiles<T, kHeadSize>), parameters);
  }
}

// The blocks of an attention: every chunk that a row of this length can have members in.
template <typename T>
void PlanBlocks(AttendParameters<T>& parameters) {
  const RowRules& rules = parameters.rules;
  parameters.chunks = static_cast<int32_t>(DivideUp(rules.length, rules.chunk_length));
  parameters.tiles = static_cast<int32_t>(
      DivideUp(std::min(rules.length, rules.chunk_length), kTileQueries));
}

template <typename T>
class LshCall {
 public:
  LshCall(const LshAttributes& attributes, const LshTensors<T>& tensors, Device& device)
      : tensors_(tensors),
        device_(device),
        rules_(MakeRules(attributes, tensors.sizes)),
        heads_(static_cast<int32_t>(attributes.num_heads)),
        buckets_(MostBuckets(rules_, tensors.rotation_shape)) {
    CheckAligned("query_key", tensors.query_key);
    CheckAligned("value", tensors.value);
    CheckAligned("rotations", tensors.rotations);
    CheckAligned("context", tensors.context);
  }

  template <int kHeadSize>
  void Run() {
    rows_ = ScanRows(device_, tensors_.mask, tensors_.sizes.batch, tensors_.sizes.length);
    if (buckets_ > 0 || tensors_.buckets != nullptr) Hash<kHeadSize>();
    Attend<kHeadSize>();
  }

 private:
  int64_t Segments() const { return tensors_.sizes.batch * heads_ * rules_.rounds; }

  template <int kHeadSize>
  void Hash() {
    HashParameters<T> p{};
    p.rules = rules_;
    p.rows = rows_;
    p.mask = tensors_.mask;
    p.states = tensors_.query_key;
    p.rotations = tensors_.rotations;
    p.heads = heads_;
    p.stored_factors = static_cast<int32_t>(tensors_.rotation_shape[2]);
    p.stored_columns = static_cast<int32_t>(tensors_.rotation_shape[3]);
    p.tiles = static_cast<int32_t>(DivideUp(rules_.length, kHashThreads));
    p.forced = tensors_.forced_buckets;
    p.buckets = tensors_.buckets;
    const int64_t pairs = Segments() * rules_.length;
    int bits = 0;
    if (buckets_ > 0) {
      p.bucket_bits = BitsFor(buckets_);
      bits = p.bucket_bits + BitsFor(Segments() - 1);
      if (bits > 32 || pairs > std::numeric_limits<int32_t>::max()) {
        Reject("the batch's (rows, heads, rounds, positions) and buckets",
               ToText(Shape{tensors_.sizes.batch, heads_, rules_.rounds, rules_.length}) + " and " +
                   ToText(buckets_),
               "at most 2^31 positions in all rounds, and 32 bits for rows, heads, rounds and "
               "buckets: a smaller batch");
      }
      p.keys = device_.Allocate<uint32_t>(pairs);
      p.positions = device_.Allocate<int32_t>(pairs);
    }
    Launch(device_, HashTokens<T, kHeadSize>, Segments() * p.tiles, kHashThreads,
           sizeof(float) * kHashColumns * kHeadSize, p);
    if (buckets_ > 0) order_ = device_.SortByKey(p.keys, p.positions, pairs, bits);
  }

  template <int kHeadSize>
  void Attend() {
    AttendParameters<T> p{};
    p.rules = rules_;
    // Rows too short to be hashed have one round.
    if (buckets_ == 0) p.rules.rounds = 1;
    const bool merge = p.rules.rounds > 1;
    p.rows = rows_;
    p.mask = tensors_.mask;
    p.query = p.key = tensors_.query_key;
    p.value = tensors_.value;
    p.order = order_;
    p.heads = heads_;
    PlanBlocks(p);
    p.context = tensors_.context;
    if (merge) {
      p.partial = device_.Allocate<T>(Segments() * rules_.length * kHeadSize);
      p.logsumexp = device_.Allocate<float>(Segments() * rules_.length);
    }
    LaunchAttention<true, T, kHeadSize>(p, tensors_.sizes.batch, device_);
    if (!merge) return;
    MergeParameters<T> m{};
    m.rules = rules_;
    m.rows = rows_;
    m.mask = tensors_.mask;
    m.partial = p.partial;
    m.logsumexp = p.logsumexp;
    m.heads = heads_;
    m.vectors = tensors_.sizes.batch * tensors_.sizes.length * tensors_.sizes.hidden /
                Vector<T>::kSize;
    m.context = tensors_.context;
    Launch(device_, MergeRounds<T, kHeadSize>, DivideUp(m.vectors, kMergeThreads), kMergeThreads, 0,
           m);
  }

  const LshTensors<T>& tensors_;
  Device& device_;
  const RowRules rules_;
  const int32_t heads_;
  const int64_t buckets_;  // of the fullest round; 0 = no row is hashed
  const RowMask* rows_ = nullptr;
  const int32_t* order_ = nullptr;
};

template <typename T>
void LshAttention(const LshAttributes& attributes, const LshTensors<T>& tensors, Device& device) {
  if (tensors.sizes.batch == 0 || tensors.sizes.length == 0) return;
  LshCall<T> call(attributes, tensors, device);
  switch (tensors.sizes.head_size) {
    case 32: return call.template Run<32>();
    case 64: return call.template Run<64>();
    default: return call.template Run<128>();  // MakeRules has refused all others
  }
}

template <typename T>
void LocalAttention(const AttentionAttributes& attributes, const LocalTensors<T>& tensors,
                    Device& device) {
  if (tensors.sizes.batch == 0 || tensors.sizes.length == 0) return;
  AttendParameters<T> p{};
  p.rules = MakeRules(attributes, tensors.sizes);
  CheckAligned("query", tensors.query);
  CheckAligned("key", tensors.key);
  CheckAligned("value", tensors.value);
  CheckAligned("context", tensors.context);
  p.rows = ScanRows(device, tensors.mask, tensors.sizes.batch, tensors.sizes.length);
  p.mask = tensors.mask;
  p.query = tensors.query;
  p.key = tensors.key;
  p.value = tensors.value;
  p.heads = static_cast<int32_t>(attributes.num_heads);
  PlanBlocks(p);
  p.context = tensors.context;
  const int64_t batch = tensors.sizes.batch;
  switch (tensors.sizes.head_size) {
    case 32: return LaunchAttention<false, T, 32>(p, batch, device);
    case 64: return LaunchAttention<false, T, 64>(p, batch, device);
    default: return LaunchAttention<false, T, 128>(p, batch, device);
  }
}

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_ATTENTION_INL_CUH_

// The innermost loops, compiled once for every kind of CPU and chosen when the program runs.
//
// Highway serves as a header library only: its runtime part is a shared library in Debian, and the
// ops must load where it is not installed. So the table of targets is ours.
#ifndef TWINSTREAM_CPU_SIMD_H_
#define TWINSTREAM_CPU_SIMD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace twinstream {

// Queries attended at once; a multiple of the widest vector.
constexpr size_t kTileQueries = 64;

// One factor's hash of a run of tokens in one (row, head, round).
struct HashArgs {
  size_t head_size;
  size_t tokens;
  const float* states;  // first token's head
  size_t stride;        // floats from one token to the next
  const float* columns;  // [head_size, column_stride], zero beyond `half`
  size_t column_stride;  // a multiple of kLineFloats
  size_t half;           // columns used: half the factor
  int32_t multiplier;    // product of the factors before
  bool accumulate;       // add to `buckets` (not the first factor)
  int32_t* buckets;
};

// Copies one chunk's keys and values into a tile and scales the keys.
struct GatherArgs {
  const float* keys;    // position 0 of one (row, head)
  const float* values;
  size_t stride;
  const int32_t* positions;
  size_t count;
  size_t head_size;
  size_t row_stride;  // of the tile; beyond head_size it is zero
  bool normalise;     // LSH: keys to unit variance; both: divided by sqrt(head_size)
  float* tile_keys;
  float* tile_values;
};

struct WindowKey {
  const float* key;
  const float* value;
  int32_t position;
  int32_t bucket;  // in the queries' round; -1 where it is of another
};

// One block of queries against one window of keys.
struct AttendArgs {
  const float* query;  // position 0 of one (row, head)
  size_t stride;
  const int32_t* positions;  // of the queries
  size_t queries;            // 1 to kTileQueries
  const WindowKey* window;
  size_t keys;
  size_t head_size;
  size_t row_stride;
  bool causal;    // a key after the query is left out
  bool mask_own;  // a key at the query's own position has logit -1e5
  const int32_t* buckets;    // of the queries: a key of another is left out; or null
  const float* corrections;  // [keys, kTileQueries]: added to the logits; or null
  float* transposed;  // scratch [head_size, kTileQueries]
  float* scores;      // scratch [keys, kTileQueries]
  float* weighted;    // out [queries, row_stride]: sum of exp(logit - max) * value
  float* max;         // out [kTileQueries]
  float* sum;         // out [kTileQueries]: sum of exp(logit - max)
};

// Folds one round's result into the output (Reformer, section 2, "Multi-round LSH attention":
// rounds weigh by the exponential of their logsumexp). Without `running_max` there is one round.
struct MergeArgs {
  const float* weighted;
  size_t row_stride;
  const float* max;
  const float* sum;
  const int32_t* positions;
  size_t queries;
  size_t head_size;
  float* context;  // position 0 of one (row, head)
  size_t stride;
  float* running_max;  // by position, or null: the largest logsumexp so far
  float* running_sum;  // and the sum of exp(logsumexp - running_max)
  bool first;
  bool last;  // the sum is complete: normalise
};

// Rows of a tile at most: with an inner width of 1,024 they take 400 KB. A multiple of every
// kernel's block of rows.
constexpr size_t kMostTileRows = 96;

// Columns of a matrix that are stored side by side, in panels: those of 8 bits.
constexpr size_t kPanelColumns = 32;

// And floats: a line of the cache. Of wider panels, a block of AVX2's columns would take every other
// line, and with them half of the cache's sets.
constexpr size_t kFloatColumns = 16;

// What stands for zero in rows of 8 bits, whose numbers have no sign.
constexpr int32_t kRowZero = 128;

// A constant matrix as a product takes it: of floats, or of 8 bits with a scale for each column.
struct DenseMatrix {
  size_t depth;  // this and `columns` are multiples of kPanelColumns
  size_t columns;
  const float* panels;  // [columns / kFloatColumns, depth, kFloatColumns]; or null
  const int8_t* quads;  // [columns / kPanelColumns, depth / 4, kPanelColumns, 4]; or null
  const float* scales;     // [columns], of quads
  const int32_t* offsets;  // [columns]: kRowZero times the sum of the column

  // The float weight of a column at a depth, and those of the columns beside it in its panel.
  const float* Panel(size_t column, size_t at_depth) const {
    const size_t first = column / kFloatColumns * kFloatColumns;
    return panels + first * depth + at_depth * kFloatColumns + column % kFloatColumns;
  }
};

// Room for a tile of rows on their way into a product.
struct RowScratch {
  float* rows;
  size_t stride;
  uint8_t* bytes;  // rows of 8 bits; or null
  size_t byte_stride;
  float* scales;  // a row's
};

// One tile of rows through a feed-forward block.
struct FeedForwardArgs {
  const float* states;  // [rows, width]: normalised, then mapped
  const float* residual;  // [rows, width]: added to the result
  float* out;             // [rows, width]
  size_t rows;
  float epsilon;
  const float* norm_scale;
  const float* norm_bias;
  DenseMatrix first;  // [width, inner width]
  const float* first_bias;
  DenseMatrix second;  // [inner width, width]
  const float* second_bias;
  bool past_caches;  // see StoresPastCaches
  RowScratch normed;
  RowScratch inner;
};

// One tile of rows through up to three matrices.
struct ProjectionArgs {
  const float* states;  // [rows, depth]
  size_t rows;
  float epsilon;
  const float* norm_scale;  // null: rows go in as they are
  const float* norm_bias;
  const DenseMatrix* matrices;
  size_t count;           // of matrices
  const float* residual;  // [rows, columns]: added to the result; or null
  float* const* outs;     // each [rows, columns]
  bool past_caches;       // see StoresPastCaches
  RowScratch scratch;
};

struct SimdKernels {
  const char* name;
  int32_t number;  // 0 plain, 1 AVX2, 2 AVX-512, 3 with VNNI, 4 with VNNI and AMX
  void (*hash)(const HashArgs&);
  void (*gather)(const GatherArgs&);
  void (*attend)(const AttendArgs&);
  void (*merge)(const MergeArgs&);
  void (*feed_forward)(const FeedForwardArgs&);
  void (*project)(const ProjectionArgs&);
};

// What this CPU can run, best first; the last is "plain", which every CPU of its kind can.
const std::vector<SimdKernels>& SupportedKernels();

// The best, or the one that TWINSTREAM_SIMD names (avx512amx, avx512vnni, avx512, avx2,
// plain). Throws InvalidInput when that one is unknown or not supported here.
const SimdKernels& ChosenKernels();

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_SIMD_H_

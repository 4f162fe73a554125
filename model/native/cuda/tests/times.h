// How long the attention ops take on this GPU.
#ifndef TWINSTREAM_CUDA_TESTS_TIMES_H_
#define TWINSTREAM_CUDA_TESTS_TIMES_H_

#include <cuda_runtime_api.h>

namespace twinstream::cuda {

// A line a type and length, of the benchmark's shape: 4 heads of 64, chunks of 64 that see one
// before, 2 rounds. The median of several runs, timed on the stream.
void PrintTimes(cudaStream_t stream);

}  // namespace twinstream::cuda

#endif  // TWINSTREAM_CUDA_TESTS_TIMES_H_

// TWINSTREAM_SIMD picks a path, and is refused loudly where it cannot be met.
#include <cstdlib>

#include "cpu/simd.h"
#include "tests/check.h"

int main() {
  using namespace twinstream;
  setenv("TWINSTREAM_SIMD", "avx1024", 1);
  ExpectRejected([] { ChosenKernels(); }, {"TWINSTREAM_SIMD", "avx1024", "plain"});
  setenv("TWINSTREAM_SIMD", "plain", 1);
  Expect(std::string(ChosenKernels().name) == "plain", "the path asked for");
  for (const SimdKernels& kernels : SupportedKernels()) std::printf("%s ", kernels.name);
  return Finish("simd_choice_test");
}

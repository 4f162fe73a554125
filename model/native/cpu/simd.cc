#include "cpu/simd.h"

#include <cstdlib>
#include <cstring>
#include <string>

#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "cpu/simd_kernels.h"
#include "ops/invalid_input.h"

namespace twinstream {
namespace {

// Asks the operating system for AMX's registers: Linux gives them, to the whole process, only to
// those that ask (arch_prctl, Linux 5.16).
bool AmxGranted() {
#if defined(__x86_64__) && defined(__linux__)
  constexpr long kRequestPermission = 0x1023;
  constexpr long kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

// Asks the processor and the operating system (which must save the wide registers).
bool CpuRuns(const char* name) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  if (std::strcmp(name, "avx2") == 0) return avx2;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (std::strcmp(name, "avx512") == 0) return avx512;
  const bool vnni = avx512 && __builtin_cpu_supports("avx512vnni");
  if (std::strcmp(name, "avx512vnni") == 0) return vnni;
  if (std::strcmp(name, "avx512amx") == 0) {
    return vnni && __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-int8") &&
           AmxGranted();
  }
#endif
  return std::strcmp(name, "plain") == 0;
}

const SimdKernels& Choose() {
  const std::vector<SimdKernels>& supported = SupportedKernels();
  const char* wanted = std::getenv("TWINSTREAM_SIMD");
  if (wanted == nullptr || *wanted == '\0') return supported.front();
  std::string names;
  for (const SimdKernels& kernels : supported) {
    if (std::strcmp(kernels.name, wanted) == 0) return kernels;
    names += (names.empty() ? "" : ", ") + std::string(kernels.name);
  }
  Reject("TWINSTREAM_SIMD", wanted, "one that this CPU supports: " + names);
}

}  // namespace

const std::vector<SimdKernels>& SupportedKernels() {
  static const std::vector<SimdKernels> supported = [] {
    std::vector<SimdKernels> found;
    for (const SimdKernels& kernels : CompiledKernels()) {
      if (CpuRuns(kernels.name)) found.push_back(kernels);
    }
    return found;
  }();
  return supported;
}

const SimdKernels& ChosenKernels() {
  static const SimdKernels& chosen = Choose();  // a throw leaves it to be tried again
  return chosen;
}

}  // namespace twinstream

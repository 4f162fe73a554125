// The few assertions that the tests need. A failed one prints what and where; main() returns their
// number, so that a test shows all that is wrong and not only the first.
#ifndef TWINSTREAM_TESTS_CHECK_H_
#define TWINSTREAM_TESTS_CHECK_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "ops/invalid_input.h"

namespace twinstream {

inline int failures = 0;

inline void Expect(bool good, const std::string& what) {
  if (good) return;
  ++failures;
  if (failures <= 20) std::fprintf(stderr, "FAILED: %s\n", what.c_str());
}

template <typename Values>
void ExpectSame(const Values& found, const Values& wanted, const std::string& what) {
  Expect(found == wanted, what + ": not equal to the bit");
}

template <typename Values>
void ExpectNear(const Values& found, const Values& wanted, double bound, const std::string& what) {
  if (found.size() != wanted.size()) {
    Expect(false, what + ": another size");
    return;
  }
  double worst = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(found[i]) - wanted[i]);
    worst = std::isnan(difference) ? std::numeric_limits<double>::infinity()
                                   : std::max(worst, difference);
  }
  Expect(worst <= bound, what + ": largest difference " + std::to_string(worst));
}

inline double Largest(const std::vector<float>& values) {
  double largest = 0;
  for (const float value : values) largest = std::max(largest, std::fabs(static_cast<double>(value)));
  return largest;
}

// The message must hold every part: the name, the value found, the value wanted.
template <typename Body>
void ExpectRejected(const Body& body, const std::vector<std::string>& parts) {
  try {
    body();
    Expect(false, "not rejected: " + parts.front());
  } catch (const InvalidInput& error) {
    for (const std::string& part : parts) {
      Expect(std::string(error.what()).find(part) != std::string::npos,
             "'" + part + "' is not in '" + error.what() + "'");
    }
  }
}

// Every how manieth random case is run: the test's only argument, 1 without.
inline uint32_t CaseStep(int count, char** arguments) {
  return count > 1 ? static_cast<uint32_t>(std::atoi(arguments[1])) : 1;
}

inline int Finish(const char* name) {
  if (failures == 0) {
    std::printf("%s: passed\n", name);
  } else {
    std::fprintf(stderr, "%s: %d checks failed\n", name, failures);
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace twinstream

#endif  // TWINSTREAM_TESTS_CHECK_H_

// The one error type of the ops: something that the caller handed over is wrong.
//
// It never leaves the library: the ONNX Runtime glue turns it into an OrtStatus. Every message
// names the thing, what was found and what was wanted.
#ifndef TWINSTREAM_OPS_INVALID_INPUT_H_
#define TWINSTREAM_OPS_INVALID_INPUT_H_

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace twinstream {

using Shape = std::vector<int64_t>;

class InvalidInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline std::string ToText(const std::string& value) { return value; }
inline std::string ToText(const char* value) { return value; }
inline std::string ToText(const Shape& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}
template <typename T>
std::string ToText(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

// "name is found, wanted wanted".
template <typename Found, typename Wanted>
[[noreturn]] void Reject(const std::string& name, const Found& found, const Wanted& wanted) {
  throw InvalidInput(name + " is " + ToText(found) + ", wanted " + ToText(wanted));
}

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_INVALID_INPUT_H_

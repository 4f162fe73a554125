// ONNX Runtime's C API as the ops use it: errors as statuses, tensors as plain views.
//
// The library is not linked against ONNX Runtime: the API arrives with RegisterCustomOps. It is
// append-only, and version 21 holds all that is called here, so any runtime from 1.21 on will do,
// whatever the headers' own version.
#ifndef TWINSTREAM_OPS_ORT_API_H_
#define TWINSTREAM_OPS_ORT_API_H_

#include <onnxruntime_c_api.h>

#include <exception>
#include <optional>
#include <string>

#include "cpu/task_runner.h"
#include "ops/invalid_input.h"

namespace twinstream {

constexpr uint32_t kApiVersion = 21;

// Set once by RegisterCustomOps, before any op exists.
extern const OrtApi* ort;

// Throws what a failed call of the API says.
void Check(OrtStatus* status);

// Runs `body`, and turns what it throws into a status that begins with the op's name. Nothing may
// be thrown through ONNX Runtime's frames.
template <typename Body>
OrtStatus* Guard(const char* name, const Body& body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const InvalidInput& error) {
    return ort->CreateStatus(ORT_INVALID_ARGUMENT, (std::string(name) + ": " + error.what()).c_str());
  } catch (const std::bad_alloc&) {
    return ort->CreateStatus(ORT_FAIL, (std::string(name) + ": out of memory").c_str());
  } catch (const std::exception& error) {
    return ort->CreateStatus(ORT_FAIL, (std::string(name) + ": " + error.what()).c_str());
  } catch (...) {
    return ort->CreateStatus(ORT_FAIL, (std::string(name) + ": unknown error").c_str());
  }
}

// An integer attribute; `fallback` where it is absent. A wrong type is an error.
int64_t ReadInt(const OrtKernelInfo* info, const char* name, int64_t fallback);
int64_t ReadRequiredInt(const OrtKernelInfo* info, const char* name);
float ReadRequiredFloat(const OrtKernelInfo* info, const char* name);
std::vector<int64_t> ReadInts(const OrtKernelInfo* info, const char* name);  // absent = empty

struct TensorView {
  const void* data = nullptr;
  Shape shape;
  bool present = false;

  template <typename T>
  const T* As() const {
    return static_cast<const T*>(data);
  }
};

TensorView Input(OrtKernelContext* context, size_t index, const char* name,
                 ONNXTensorElementDataType type);
// An absent optional input is one that is not present, or beyond the node's inputs.
TensorView OptionalInput(OrtKernelContext* context, size_t index, const char* name,
                         ONNXTensorElementDataType type);

// Those that the node names, optional ones at the end left out.
size_t InputCount(const OrtKernelInfo* info);

// Not present where the input is no constant of the graph.
TensorView ConstantInput(const OrtKernelInfo* info, size_t index);

// What a session's options hold under `key`, or nothing.
std::optional<std::string> SessionEntry(const OrtSessionOptions* options, const char* key);

// Null where the output is optional and the graph does not use it.
void* Output(OrtKernelContext* context, size_t index, const Shape& shape);

// ONNX Runtime's own thread pool.
class OrtTaskRunner : public TaskRunner {
 public:
  explicit OrtTaskRunner(const OrtKernelContext* context) : context_(context) {}

 protected:
  void Dispatch(size_t total, Function function, void* data) override {
    Check(ort->KernelContext_ParallelFor(context_, function, total, 0, data));
  }

 private:
  const OrtKernelContext* context_;
};

}  // namespace twinstream

#endif  // TWINSTREAM_OPS_ORT_API_H_

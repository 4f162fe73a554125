// Task runners without ONNX Runtime: in the caller's thread, and on a few threads.
#ifndef TWINSTREAM_TESTS_RUNNERS_H_
#define TWINSTREAM_TESTS_RUNNERS_H_

#include <atomic>
#include <thread>
#include <vector>

#include "cpu/task_runner.h"

namespace twinstream {

class SerialRunner : public TaskRunner {
 protected:
  void Dispatch(size_t total, Function function, void* data) override {
    for (size_t i = 0; i < total; ++i) function(data, i);
  }
};

class ThreadRunner : public TaskRunner {
 public:
  explicit ThreadRunner(int threads) : threads_(threads) {}

 protected:
  void Dispatch(size_t total, Function function, void* data) override {
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < threads_; ++t) {
      threads.emplace_back([&] {
        for (size_t i = next++; i < total; i = next++) function(data, i);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  const int threads_;
};

}  // namespace twinstream

#endif  // TWINSTREAM_TESTS_RUNNERS_H_

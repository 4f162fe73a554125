// A loop whose tasks may run on other threads: ONNX Runtime's pool in the ops, plain threads in
// the tests. Tasks of one loop write to disjoint memory, and no task's arithmetic depends on how
// many tasks there are, so results never depend on the number of threads.
#ifndef TWINSTREAM_CPU_TASK_RUNNER_H_
#define TWINSTREAM_CPU_TASK_RUNNER_H_

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>

namespace twinstream {

class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  // Returns when all tasks are done. A task's exception may not cross a thread pool's frames, so
  // the first one is kept and thrown here.
  void Run(size_t total, const std::function<void(size_t)>& task) {
    if (total == 0) return;
    Loop loop{task, {}, nullptr};
    Dispatch(
        total,
        [](void* data, size_t index) {
          Loop& running = *static_cast<Loop*>(data);
          try {
            running.task(index);
          } catch (...) {
            const std::lock_guard<std::mutex> lock(running.mutex);
            if (!running.error) running.error = std::current_exception();
          }
        },
        &loop);
    if (loop.error) std::rethrow_exception(loop.error);
  }

 protected:
  using Function = void (*)(void*, size_t);
  virtual void Dispatch(size_t total, Function function, void* data) = 0;

 private:
  struct Loop {
    const std::function<void(size_t)>& task;
    std::mutex mutex;
    std::exception_ptr error;
  };
};

}  // namespace twinstream

#endif  // TWINSTREAM_CPU_TASK_RUNNER_H_

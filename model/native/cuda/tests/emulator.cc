#include "cuda/tests/emulator.h"

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace twinstream::cuda {

Index threadIdx{};
Index blockIdx{};

void FailEmulation(const char* what) {
  std::fprintf(stderr, "emulator: block %u, thread %u: %s\n", blockIdx.x, threadIdx.x, what);
  std::abort();
}

namespace {

constexpr size_t kStackBytes = 128 * 1024;
constexpr int kLanes = 32;

struct Fiber {
  ucontext_t context{};
  std::unique_ptr<unsigned char[]> stack{new unsigned char[kStackBytes]};
  bool done = false;
  const void* waits = nullptr;  // for a barrier, as long as this is set
};

// Where a group of threads meets. `kind` tells apart meetings that must not be mixed.
struct Meeting {
  int size = 0;
  int arrived = 0;
  int kind = 0;
  int answer = 0;          // or of what was brought
  int finished_answer = 0;
  // By parity: a lane may still read the last exchange while others bring the next.
  Exchanged brought[2][kLanes] = {};
  int parity = 0;
};

class Block {
 public:
  Block(unsigned number, int threads, unsigned char* shared, const std::function<void()>& thread,
        std::vector<Fiber>& fibers)
      : number_(number),
        threads_(threads),
        shared_(shared),
        thread_(thread),
        fibers_(fibers),
        warps_(static_cast<size_t>(threads / kLanes)) {
    block_.size = threads;
    for (Meeting& warp : warps_) warp.size = kLanes;
  }

  void Run();
  void MeetBlock(int kind, int predicate) { Meet(block_, kind, predicate); }
  int Answer() const { return block_.finished_answer; }
  const Exchanged* Exchange(int kind, const Exchanged* brought) {
    Meeting& warp = warps_[threadIdx.x / kLanes];
    const int parity = warp.parity;
    if (brought != nullptr) warp.brought[parity][threadIdx.x % kLanes] = *brought;
    Meet(warp, kind, 0);
    return warp.brought[parity];
  }
  unsigned char* shared() { return shared_; }

 private:
  static void Enter();
  void SwitchTo(Fiber& fiber);
  void SwitchBack();
  void Meet(Meeting& meeting, int kind, int predicate);

  const unsigned number_;
  const int threads_;
  unsigned char* const shared_;
  const std::function<void()>& thread_;
  std::vector<Fiber>& fibers_;
  std::vector<Meeting> warps_;
  Meeting block_;
  ucontext_t scheduler_{};
  int running_ = 0;
#if defined(__SANITIZE_ADDRESS__)
  const void* scheduler_stack_ = nullptr;
  size_t scheduler_stack_bytes_ = 0;
#endif
};

Block* current = nullptr;
std::minstd_rand order(1);

void Block::Enter() {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &current->scheduler_stack_,
                                  &current->scheduler_stack_bytes_);
#endif
  current->thread_();
  current->fibers_[static_cast<size_t>(current->running_)].done = true;
  current->SwitchBack();
}

void Block::SwitchTo(Fiber& fiber) {
#if defined(__SANITIZE_ADDRESS__)
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, fiber.stack.get(), kStackBytes);
#endif
  swapcontext(&scheduler_, &fiber.context);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

void Block::SwitchBack() {
  Fiber& fiber = fibers_[static_cast<size_t>(running_)];
#if defined(__SANITIZE_ADDRESS__)
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(fiber.done ? nullptr : &fake, scheduler_stack_,
                                 scheduler_stack_bytes_);
#endif
  swapcontext(&fiber.context, &scheduler_);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

void Block::Meet(Meeting& meeting, int kind, int predicate) {
  if (meeting.arrived == 0) {
    meeting.kind = kind;
    meeting.answer = 0;
  } else if (meeting.kind != kind) {
    FailEmulation("meets others who are in another step");
  }
  meeting.answer |= predicate;
  if (++meeting.arrived == meeting.size) {
    meeting.arrived = 0;
    meeting.finished_answer = meeting.answer;
    meeting.parity ^= 1;
    for (int i = 0; i < threads_; ++i) {
      Fiber& fiber = fibers_[static_cast<size_t>(i)];
      if (fiber.waits == &meeting) fiber.waits = nullptr;
    }
  } else {
    fibers_[static_cast<size_t>(running_)].waits = &meeting;
    SwitchBack();
  }
}

void Block::Run() {
  current = this;
  blockIdx.x = number_;
  for (int i = 0; i < threads_; ++i) {
    Fiber& fiber = fibers_[static_cast<size_t>(i)];
    fiber.done = false;
    fiber.waits = nullptr;
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = kStackBytes;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, &Block::Enter, 0);
  }
  std::vector<int> turns(static_cast<size_t>(threads_));
  std::iota(turns.begin(), turns.end(), 0);
  int left = threads_;
  while (left > 0) {
    std::shuffle(turns.begin(), turns.end(), order);
    bool moved = false;
    for (const int turn : turns) {
      Fiber& fiber = fibers_[static_cast<size_t>(turn)];
      if (fiber.done || fiber.waits != nullptr) continue;
      running_ = turn;
      threadIdx.x = static_cast<unsigned>(turn);
      SwitchTo(fiber);
      moved = true;
      if (fiber.done) --left;
    }
    if (!moved) FailEmulation("threads wait for others that have ended or wait elsewhere");
  }
  if (block_.arrived != 0) FailEmulation("a barrier was not reached by all threads");
  current = nullptr;
}

}  // namespace

void Emulate(int64_t blocks, int threads, size_t shared_bytes,
             const std::function<void()>& thread) {
  if (threads % kLanes != 0 || threads > 1024) throw std::logic_error("threads of a block");
  std::vector<Fiber> fibers(static_cast<size_t>(threads));
  // Blocks run in any order, so they do here.
  std::vector<unsigned> numbers(static_cast<size_t>(blocks));
  std::iota(numbers.begin(), numbers.end(), 0u);
  std::shuffle(numbers.begin(), numbers.end(), order);
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  for (const unsigned number : numbers) {
    // Of the very size, so that the address sanitizer sees its end; and never zero.
    void* memory = nullptr;
    if (posix_memalign(&memory, 16, shared_bytes == 0 ? 1 : shared_bytes) != 0) {
      throw std::bad_alloc();
    }
    const std::unique_ptr<void, Free> shared(memory);
    std::memset(memory, 0xff, shared_bytes);
    Block(number, threads, static_cast<unsigned char*>(memory), thread, fibers).Run();
  }
}

unsigned char* EmulatedSharedMemory() { return current->shared(); }
int EmulatedLane() { return static_cast<int>(threadIdx.x) % kLanes; }

void __syncthreads() { current->MeetBlock(1, 0); }
int __syncthreads_or(int predicate) {
  current->MeetBlock(2, predicate != 0);
  return current->Answer();
}
void __syncwarp() { current->Exchange(2, nullptr); }

const Exchanged* ExchangeInWarp(int step, const Exchanged& brought) {
  return current->Exchange(step, &brought);
}

}  // namespace twinstream::cuda

// A fixed team of threads that do one piece of work together, many times, without going to sleep in between:
// waking a thread would cost more than a small matrix product.
//
// Not thread-safe: one thread owns the team and calls run().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace spotmix::gpu {

class ThreadTeam {
 public:
  /// `size` ≥ 1, the caller counts as member 0.
  explicit ThreadTeam(int size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int size() const { return static_cast<int>(members_.size()) + 1; }
  /// Calls work(member) on every member at once and returns when all are done. `work` must not throw.
  void run(const std::function<void(int)>& work);

 private:
  void serve(int member);

  std::vector<std::thread> members_;
  const std::function<void(int)>* work_ = nullptr;
  std::atomic<std::uint64_t> round_{0};
  std::atomic<int> running_{0};
  std::atomic<bool> stopping_{false};
};

}  // namespace spotmix::gpu

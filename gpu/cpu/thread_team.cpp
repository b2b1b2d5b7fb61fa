#include "gpu/cpu/thread_team.h"

namespace spotmix::gpu {
namespace {

/// Spins, and after a while gives the core to whoever needs it.
template <typename Done>
void wait_until(const Done& done) {
  constexpr int kSpins = 2000;
  for (int spins = 0; !done(); ++spins) {
    if (spins > kSpins) std::this_thread::yield();
  }
}

}  // namespace

ThreadTeam::ThreadTeam(int size) {
  for (int member = 1; member < size; ++member) members_.emplace_back([this, member] { serve(member); });
}

ThreadTeam::~ThreadTeam() {
  stopping_ = true;
  ++round_;
  for (std::thread& member : members_) member.join();
}

void ThreadTeam::serve(int member) {
  for (std::uint64_t seen = 0;; ++seen) {
    wait_until([&] { return round_.load(std::memory_order_acquire) != seen; });
    if (stopping_) return;
    (*work_)(member);
    running_.fetch_sub(1, std::memory_order_release);
  }
}

void ThreadTeam::run(const std::function<void(int)>& work) {
  work_ = &work;
  running_.store(static_cast<int>(members_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  work(0);
  wait_until([&] { return running_.load(std::memory_order_acquire) == 0; });
}

}  // namespace spotmix::gpu

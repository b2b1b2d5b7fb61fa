// Memory that the ranks of one measurement share, and the processes that run them.
//
// The region is mapped before the ranks are forked, so every rank sees it at the same address. It holds only
// plain data and lock-free atomics.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace spotmix::gpu {

/// Anonymous shared memory, zeroed; unmapped when the owner goes. Throws std::system_error.
class SharedRegion {
 public:
  explicit SharedRegion(std::size_t bytes);
  ~SharedRegion();
  SharedRegion(const SharedRegion&) = delete;
  SharedRegion& operator=(const SharedRegion&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

/// Where all ranks wait for each other. Lives in shared memory; zeroed is its start.
struct SharedBarrier {
  std::atomic<std::uint32_t> arrived;
  std::atomic<std::uint32_t> round;

  void wait(int ranks);
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// Spins until `done()`, giving the core away after a while: there may be more ranks than cores.
void wait_for(const std::function<bool()>& done);

/// Runs rank(0) … rank(ranks − 1), each in a process of its own, and waits for them. When one fails (throws
/// or dies) the others are ended and std::runtime_error says which. Call it while this process has no other
/// threads that hold locks the ranks need.
void run_ranks(int ranks, const std::function<void(int)>& rank);

}  // namespace spotmix::gpu

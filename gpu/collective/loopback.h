// Ranks that talk over TCP, never beyond this machine: every socket is bound to 127.0.0.1.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "gpu/collective/shared_region.h"
#include "gpu/collective/transport.h"

namespace spotmix::gpu {

/// A connection between every two ranks, made before the ranks are forked so that nobody can come between.
class LoopbackMesh {
 public:
  /// Throws std::system_error.
  explicit LoopbackMesh(int ranks);
  ~LoopbackMesh();
  LoopbackMesh(const LoopbackMesh&) = delete;
  LoopbackMesh& operator=(const LoopbackMesh&) = delete;

  int ranks() const { return ranks_; }
  /// The descriptor with which `rank` talks to `peer`; -1 for itself.
  int socket(int rank, int peer) const { return sockets_[place(rank, peer)]; }

 private:
  std::size_t place(int rank, int peer) const {
    return static_cast<std::size_t>(rank) * static_cast<std::size_t>(ranks_) + static_cast<std::size_t>(peer);
  }

  int ranks_;
  std::vector<int> sockets_;
};

/// One rank's view. A thread of its own sends what was posted, so that all ranks can send at once.
class LoopbackTransport final : public Transport {
 public:
  LoopbackTransport(int rank, const LoopbackMesh& mesh, SharedBarrier& barrier);
  ~LoopbackTransport() override;

  int rank() const override { return rank_; }
  int ranks() const override { return mesh_->ranks(); }
  void post(int to, std::span<const float> data) override;
  void take_add(int from, std::span<float> into) override;
  void take_copy(int from, std::span<float> into) override;
  void finish() override;

 private:
  struct Posted {
    int to;
    std::span<const float> data;
  };
  void send_all();

  int rank_;
  const LoopbackMesh* mesh_;
  SharedBarrier* barrier_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Posted> queue_;  ///< The front is being sent.
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<float> scratch_;
  std::thread sender_;  ///< Last: it uses all of the above.
};

}  // namespace spotmix::gpu

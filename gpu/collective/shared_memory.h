// Ranks that see each other's buffers: a posted piece is read where it lies.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "gpu/collective/shared_region.h"
#include "gpu/collective/transport.h"

namespace spotmix::gpu {

/// Pieces on their way from one rank to another; one writer, one reader, zeroed is its start.
struct Mailbox {
  static constexpr std::uint64_t kCapacity = 1024;
  struct Piece {
    const float* data;
    std::size_t count;
  };
  alignas(64) std::atomic<std::uint64_t> posted;
  alignas(64) std::atomic<std::uint64_t> taken;
  alignas(64) std::array<Piece, kCapacity> pieces;
};

/// One rank's view. `mailboxes` has ranks² entries, that from a to b at a·ranks + b.
class SharedMemoryTransport final : public Transport {
 public:
  SharedMemoryTransport(int rank, int ranks, std::span<Mailbox> mailboxes, SharedBarrier& barrier)
      : rank_(rank), ranks_(ranks), mailboxes_(mailboxes), barrier_(&barrier) {}

  int rank() const override { return rank_; }
  int ranks() const override { return ranks_; }
  void post(int to, std::span<const float> data) override;
  void take_add(int from, std::span<float> into) override;
  void take_copy(int from, std::span<float> into) override;
  void finish() override { barrier_->wait(ranks_); }

 private:
  Mailbox& between(int from, int to) const {
    return mailboxes_[static_cast<std::size_t>(from) * static_cast<std::size_t>(ranks_) +
                      static_cast<std::size_t>(to)];
  }
  template <typename Use>
  void take(int from, std::span<float> into, const Use& use);

  int rank_;
  int ranks_;
  std::span<Mailbox> mailboxes_;
  SharedBarrier* barrier_;
};

}  // namespace spotmix::gpu

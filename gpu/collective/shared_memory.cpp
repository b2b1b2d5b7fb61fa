#include "gpu/collective/shared_memory.h"

#include <cstring>
#include <stdexcept>

namespace spotmix::gpu {

void SharedMemoryTransport::post(int to, std::span<const float> data) {
  Mailbox& box = between(rank_, to);
  const std::uint64_t at = box.posted.load(std::memory_order_relaxed);
  wait_for([&] { return at - box.taken.load(std::memory_order_acquire) < Mailbox::kCapacity; });
  box.pieces[at % Mailbox::kCapacity] = {data.data(), data.size()};
  box.posted.store(at + 1, std::memory_order_release);
}

template <typename Use>
void SharedMemoryTransport::take(int from, std::span<float> into, const Use& use) {
  Mailbox& box = between(from, rank_);
  const std::uint64_t at = box.taken.load(std::memory_order_relaxed);
  wait_for([&] { return box.posted.load(std::memory_order_acquire) != at; });
  const Mailbox::Piece piece = box.pieces[at % Mailbox::kCapacity];
  if (piece.count != into.size())
    throw std::logic_error("a piece has another size than the receiver expects");
  use(piece.data);
  box.taken.store(at + 1, std::memory_order_release);
}

void SharedMemoryTransport::take_add(int from, std::span<float> into) {
  take(from, into, [&](const float* data) {
    float* const to = into.data();
    for (std::size_t i = 0; i < into.size(); ++i) to[i] += data[i];
  });
}

void SharedMemoryTransport::take_copy(int from, std::span<float> into) {
  take(from, into, [&](const float* data) { std::memcpy(into.data(), data, into.size_bytes()); });
}

}  // namespace spotmix::gpu

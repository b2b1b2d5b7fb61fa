#include "gpu/collective/algorithms.h"

#include <algorithm>
#include <cstddef>

namespace spotmix::gpu {
namespace {

/// Small enough to stay in a cache between two ranks, large enough that handing it over costs little; and
/// never so many that a mailbox overflows.
std::size_t piece_length(std::size_t count) {
  constexpr std::size_t kSmallest = std::size_t{32} * 1024;  // elements: 128 KiB
  constexpr std::size_t kMostPieces = 256;
  return std::max(kSmallest, (count + kMostPieces - 1) / kMostPieces);
}

/// Calls visit(piece) for the consecutive pieces of `data`, in order.
template <typename Visit>
void for_each_piece(std::span<float> data, std::size_t length, const Visit& visit) {
  for (std::size_t from = 0; from < data.size(); from += length)
    visit(data.subspan(from, std::min(length, data.size() - from)));
}

}  // namespace

void ring_all_reduce(Transport& transport, std::span<float> data) {
  const int ranks = transport.ranks();
  const int rank = transport.rank();
  const int next = (rank + 1) % ranks;
  const int previous = (rank + ranks - 1) % ranks;
  const std::size_t length = piece_length(data.size() / static_cast<std::size_t>(ranks) + 1);
  const auto slice = [&](int index) {
    const auto at = static_cast<std::size_t>((index % ranks + ranks) % ranks);
    const auto n = static_cast<std::size_t>(ranks);
    const std::size_t from = data.size() * at / n;
    return data.subspan(from, data.size() * (at + 1) / n - from);
  };
  if (ranks > 1) {
    for_each_piece(slice(rank), length, [&](std::span<float> piece) { transport.post(next, piece); });
    for (int step = 1; step < ranks; ++step) {
      for_each_piece(slice(rank - step), length, [&](std::span<float> piece) {
        transport.take_add(previous, piece);
        transport.post(next, piece);
      });
    }
    for (int step = 0; step < ranks - 1; ++step) {
      for_each_piece(slice(rank - step), length, [&](std::span<float> piece) {
        transport.take_copy(previous, piece);
        if (step < ranks - 2) transport.post(next, piece);
      });
    }
  }
  transport.finish();
}

void tree_all_reduce(Transport& transport, std::span<float> data) {
  const int rank = transport.rank();
  const int parent = (rank - 1) / 2;
  const bool root = rank == 0;
  const std::size_t length = piece_length(data.size());
  const auto for_each_child = [&](const auto& visit) {
    for (int child = 2 * rank + 1; child <= 2 * rank + 2; ++child)
      if (child < transport.ranks()) visit(child);
  };
  for_each_piece(data, length, [&](std::span<float> piece) {
    for_each_child([&](int child) { transport.take_add(child, piece); });
    if (root)
      for_each_child([&](int child) { transport.post(child, piece); });
    else
      transport.post(parent, piece);
  });
  if (!root) {
    for_each_piece(data, length, [&](std::span<float> piece) {
      transport.take_copy(parent, piece);
      for_each_child([&](int child) { transport.post(child, piece); });
    });
  }
  transport.finish();
}

AllReduce all_reduce_named(std::string_view name) {
  if (name == "ring") return ring_all_reduce;
  if (name == "tree") return tree_all_reduce;
  return nullptr;
}

double all_reduce_memory_bytes(int ranks, double bytes) {
  return 5.0 * (ranks - 1) * bytes;
}

}  // namespace spotmix::gpu

// How the ranks of a collective hand pieces of their data to each other. The algorithms know nothing else.
//
// Between each pair of ranks pieces arrive in the order in which they were posted, and the receiver must ask
// for them with the same sizes. What was posted must stay unchanged until the receiver has taken it; the
// algorithms get that for free, because a rank's piece is overwritten only by a result that already holds it.
#pragma once

#include <span>

namespace spotmix::gpu {

class Transport {
 public:
  virtual ~Transport() = default;

  virtual int rank() const = 0;
  virtual int ranks() const = 0;
  /// Makes `data`, which lies in this rank's buffer, available to rank `to`. Does not wait for it.
  virtual void post(int to, std::span<const float> data) = 0;
  /// Waits for the next piece from rank `from` and adds it to `into`.
  virtual void take_add(int from, std::span<float> into) = 0;
  /// Waits for the next piece from rank `from` and copies it to `into`.
  virtual void take_copy(int from, std::span<float> into) = 0;
  /// Returns when all that this rank posted has left its buffer and every rank has come here.
  virtual void finish() = 0;
};

}  // namespace spotmix::gpu

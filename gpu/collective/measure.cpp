#include "gpu/collective/measure.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>

#include "gpu/collective/algorithms.h"
#include "gpu/collective/loopback.h"
#include "gpu/collective/shared_memory.h"
#include "gpu/measure/sampler.h"

namespace spotmix::gpu {
namespace {

constexpr std::size_t kMostRuns = 400;

/// What all ranks see beside their buffers.
struct Control {
  SharedBarrier barrier;
  std::atomic<std::uint64_t> runs;  ///< Of the present size; rank 0 decides.
};

/// One AllReduce's ingredients, laid out in one shared region.
struct Arena {
  Arena(int ranks, std::size_t largest, std::size_t sizes)
      : rank_count(static_cast<std::size_t>(ranks)),
        elements(largest / sizeof(float)),
        mailbox_offset(rounded(sizeof(Control))),
        times_offset(rounded(mailbox_offset + rank_count * rank_count * sizeof(Mailbox))),
        buffer_offset(rounded(times_offset + rank_count * sizes * kMostRuns * sizeof(double))),
        stride(rounded(elements * sizeof(float))),
        region(buffer_offset + rank_count * stride) {}

  Control& control() const { return *reinterpret_cast<Control*>(region.data()); }
  std::span<Mailbox> mailboxes() const {
    return {reinterpret_cast<Mailbox*>(region.data() + mailbox_offset), rank_count * rank_count};
  }
  /// Seconds of the runs of one size on one rank; 0 where there was no run.
  std::span<double> times(int rank, std::size_t size) const {
    auto* all = reinterpret_cast<double*>(region.data() + times_offset);
    return {all + (size * rank_count + static_cast<std::size_t>(rank)) * kMostRuns, kMostRuns};
  }
  std::span<float> buffer(int rank) const {
    return {reinterpret_cast<float*>(region.data() + buffer_offset + static_cast<std::size_t>(rank) * stride),
            elements};
  }
  static std::size_t rounded(std::size_t bytes) {
    constexpr std::size_t kPage = 4096;
    return (bytes + kPage - 1) / kPage * kPage;
  }

  std::size_t rank_count, elements, mailbox_offset, times_offset, buffer_offset, stride;
  SharedRegion region;
};

/// Uniform in [−1, 1), different for each rank and place (the finalizer of MurmurHash3).
float input(int rank, std::size_t at) {
  auto h = static_cast<std::uint32_t>(at) * 0x9e3779b1U + static_cast<std::uint32_t>(rank + 1) * 0x85ebca6bU;
  h = (h ^ (h >> 16)) * 0x85ebca6bU;
  h = (h ^ (h >> 13)) * 0xc2b2ae35U;
  return static_cast<float>(static_cast<std::int32_t>(h ^ (h >> 16))) * 0x1.0p-31F;
}

void require_sum(std::span<const float> data, int ranks, const std::string& what) {
  constexpr double kBound = 1e-6;  // of the number of ranks: rounding of a sum of numbers below 1
  for (std::size_t i = 0; i < data.size(); ++i) {
    double sum = 0;
    for (int rank = 0; rank < ranks; ++rank) sum += static_cast<double>(input(rank, i));
    if (std::abs(static_cast<double>(data[i]) - sum) <= kBound * ranks) continue;
    throw std::runtime_error(what + ": element " + std::to_string(i) + " is " + std::to_string(data[i]) +
                             ", expected " + std::to_string(sum));
  }
}

/// One rank's whole measurement; the same code runs in each process.
class Rank {
 public:
  Rank(const Arena& arena, Transport& transport, AllReduce all_reduce)
      : arena_(arena), transport_(transport), all_reduce_(all_reduce), inputs_(arena.elements) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) inputs_[i] = input(transport.rank(), i);
  }

  void measure(std::size_t size_index, std::size_t bytes, double budget_s, const std::string& what) {
    const std::span<float> data = arena_.buffer(transport_.rank()).first(bytes / sizeof(float));
    run_once(data);
    require_sum(data, transport_.ranks(), what);
    const double learned_s = std::min(run_once(data), run_once(data));
    Control& control = arena_.control();
    if (transport_.rank() == 0) {
      constexpr double kFewest = 5;
      const double overhead = 2.0;  // refilling and waiting take about as long as the AllReduce itself
      control.runs = static_cast<std::uint64_t>(
          std::clamp(budget_s / (learned_s * overhead + 1e-9), kFewest, static_cast<double>(kMostRuns)));
    }
    control.barrier.wait(transport_.ranks());
    const std::span<double> times = arena_.times(transport_.rank(), size_index);
    const std::size_t runs = control.runs.load();
    for (std::size_t run = 0; run < runs; ++run) times[run] = run_once(data);
  }

 private:
  /// Refills the data, lines up with the others, and times one AllReduce.
  double run_once(std::span<float> data) {
    std::memcpy(data.data(), inputs_.data(), data.size_bytes());
    arena_.control().barrier.wait(transport_.ranks());
    const double start_s = now_s();
    all_reduce_(transport_, data);
    return now_s() - start_s;
  }

  const Arena& arena_;
  Transport& transport_;
  AllReduce all_reduce_;
  std::vector<float> inputs_;
};

Times slowest_ranks(const Arena& arena, int ranks, std::size_t size_index) {
  std::vector<double> slowest;
  for (std::size_t run = 0; run < kMostRuns; ++run) {
    double time_s = 0;
    for (int rank = 0; rank < ranks; ++rank) time_s = std::max(time_s, arena.times(rank, size_index)[run]);
    if (time_s > 0) slowest.push_back(time_s);
  }
  return summarize(std::move(slowest));
}

}  // namespace

std::vector<TimedAllReduce> time_all_reduce(Medium medium, const std::string& algorithm, int ranks,
                                            const std::vector<std::size_t>& sizes, double budget_s) {
  const AllReduce all_reduce = all_reduce_named(algorithm);
  if (all_reduce == nullptr || ranks < 1 || sizes.empty())
    throw std::invalid_argument("AllReduce: found algorithm \"" + algorithm + "\" on " +
                                std::to_string(ranks) + " ranks, expected ring or tree and at least 1 rank");
  const Arena arena(ranks, *std::max_element(sizes.begin(), sizes.end()), sizes.size());
  std::optional<LoopbackMesh> mesh;
  if (medium == Medium::loopback) mesh.emplace(ranks);
  const double each_s = budget_s / static_cast<double>(sizes.size());
  run_ranks(ranks, [&](int rank) {
    std::unique_ptr<Transport> transport;
    if (mesh)
      transport = std::make_unique<LoopbackTransport>(rank, *mesh, arena.control().barrier);
    else
      transport =
          std::make_unique<SharedMemoryTransport>(rank, ranks, arena.mailboxes(), arena.control().barrier);
    Rank self(arena, *transport, all_reduce);
    for (std::size_t i = 0; i < sizes.size(); ++i)
      self.measure(i, sizes[i], each_s, std::string(name_of(medium)) + ' ' + algorithm);
  });
  std::vector<TimedAllReduce> result;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    result.push_back({ranks, sizes[i], slowest_ranks(arena, ranks, i)});
  return result;
}

}  // namespace spotmix::gpu

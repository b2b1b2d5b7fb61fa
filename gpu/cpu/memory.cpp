#include "gpu/cpu/memory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "gpu/measure/sampler.h"

namespace spotmix::gpu {
namespace {

using Words = std::uint64_t[];  // NOLINT(modernize-avoid-c-arrays): a vector would write them first

struct Arrays {
  std::unique_ptr<Words> from;
  std::unique_ptr<Words> to;
};

/// Eight sums, so that the additions never wait for each other.
std::uint64_t sum_of(const std::uint64_t* values, std::size_t count) {
  constexpr std::size_t kSums = 8;
  std::array<std::uint64_t, kSums> sums{};
  for (std::size_t i = 0; i + kSums <= count; i += kSums)
    for (std::size_t j = 0; j < kSums; ++j) sums[j] += values[i + j];
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  return total;
}

}  // namespace

MemoryRates measure_memory(ThreadTeam& team, std::size_t bytes, double budget_s) {
  const double start_s = now_s();
  const std::size_t count = bytes / sizeof(std::uint64_t);
  std::vector<Arrays> arrays(static_cast<std::size_t>(team.size()));
  team.run([&](int member) {  // each thread touches its own arrays first, so that they lie near it
    Arrays& own = arrays[static_cast<std::size_t>(member)];
    own = {std::make_unique_for_overwrite<Words>(count), std::make_unique_for_overwrite<Words>(count)};
    std::memset(own.from.get(), member + 1, bytes);
    std::memset(own.to.get(), 0, bytes);
  });
  SamplingPlan plan;
  plan.budget_s = std::max(0.0, budget_s - (now_s() - start_s)) / 3;  // touching the arrays counts
  const double moved = static_cast<double>(bytes) * team.size();
  std::atomic<std::uint64_t> sink{0};
  const Times copy = sample(plan, [&] {
    team.run([&](int member) {
      const Arrays& own = arrays[static_cast<std::size_t>(member)];
      std::memcpy(own.to.get(), own.from.get(), bytes);
    });
  });
  const Times read = sample(plan, [&] {
    team.run([&](int member) { sink += sum_of(arrays[static_cast<std::size_t>(member)].from.get(), count); });
  });
  int value = 0;
  const Times write = sample(plan, [&] {
    ++value;
    team.run([&](int member) {
      std::memset(arrays[static_cast<std::size_t>(member)].to.get(), value & 0xff, bytes);
    });
  });
  return {2 * moved / copy.median_s, moved / read.median_s, moved / write.median_s};
}

Times measure_launch(ThreadTeam& team, double budget_s) {
  SamplingPlan plan;
  plan.budget_s = budget_s;
  return sample(plan, [&] { team.run([](int) {}); });
}

}  // namespace spotmix::gpu

// Repeats a timed run until its share of the time is used up.
#pragma once

#include <chrono>
#include <cstddef>
#include <ctime>
#include <utility>
#include <vector>

#include "gpu/measure/statistics.h"

namespace spotmix::gpu {

inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Processor time of the calling thread: what work on this thread alone takes, without the turns that other
/// programs had in between.
inline double own_processor_time_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

using Clock = double (*)();

struct SamplingPlan {
  double budget_s = 0.1;
  std::size_t min_runs = 3;
  std::size_t max_runs = 400;
  double min_sample_s = 50e-6;  ///< Short runs are timed several at a time, beyond the clock's resolution.
  Clock clock = now_s;          ///< Of the runs; the budget is always wall-clock time.
};

/// Runs `work()` once to warm up and to learn how long it takes, then times it as `plan` says. Every call of
/// `work` is one operation; the results are seconds per operation, in the order they were taken.
template <typename Work>
std::vector<double> sample_seconds(const SamplingPlan& plan, Work&& work) {
  const double start_s = now_s();
  const auto timed = [&](std::size_t runs) {
    const double before_s = plan.clock();
    for (std::size_t i = 0; i < runs; ++i) work();
    return (plan.clock() - before_s) / static_cast<double>(runs);
  };
  double learned_s = timed(1);
  if (learned_s < plan.min_sample_s) learned_s = timed(1);  // the first run was cold
  const std::size_t per_sample = learned_s < plan.min_sample_s
                                     ? 1 + static_cast<std::size_t>(plan.min_sample_s / (learned_s + 1e-9))
                                     : 1;
  std::vector<double> seconds;
  while (seconds.size() < plan.max_runs &&
         (seconds.size() < plan.min_runs || now_s() - start_s < plan.budget_s)) {
    seconds.push_back(timed(per_sample));
  }
  return seconds;
}

/// sample_seconds, summarized.
template <typename Work>
Times sample(const SamplingPlan& plan, Work&& work) {
  return summarize(sample_seconds(plan, std::forward<Work>(work)));
}

}  // namespace spotmix::gpu

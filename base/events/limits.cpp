#include "base/events/limits.h"

#include <algorithm>

#include <fmt/format.h>

namespace spotmix {

void EngineGuard::reset() {
  now_ = std::numeric_limits<std::int64_t>::min();
  events_ = 0;
  burst_begin_ = 0;
  alarm_ = std::min(limits_.max_events, limits_.max_events_at_one_time);
  counts_.clear();
}

void EngineGuard::on_alarm(unsigned kind) {
  if (events_ >= limits_.max_events) {
    throw SimulationError(BrokenLimit::events, now_, {},
                          fmt::format("more than {} events, at {}", limits_.max_events, seconds(now_)));
  }
  const std::uint64_t suspicious = burst_begin_ + limits_.max_events_at_one_time;
  if (events_ == suspicious) counts_.clear();
  if (events_ - suspicious >= limits_.max_events_at_one_time) refuse_loop();
  if (kind >= counts_.size()) counts_.resize(kind + 1, 0);
  ++counts_[kind];
}

void EngineGuard::refuse_time(std::int64_t ticks) const {
  if (ticks < now_) {
    throw SimulationError(BrokenLimit::order, ticks, {},
                          fmt::format("an event at {} comes after one at {}", seconds(ticks), seconds(now_)));
  }
  throw SimulationError(
      BrokenLimit::time, ticks, {},
      fmt::format("an event at {} lies beyond the limit of {}", seconds(ticks), seconds(limits_.max_ticks)));
}

void EngineGuard::refuse_loop() const {
  std::vector<SimulationError::KindCount> kinds;
  for (unsigned kind = 0; kind < counts_.size(); ++kind) {
    if (counts_[kind] > 0) kinds.push_back({kind, counts_[kind]});
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  std::string list;
  for (const auto& [kind, count] : kinds) {
    list += fmt::format("{}{} ({} times)", list.empty() ? "" : ", ", name(kind), count);
  }
  throw SimulationError(
      BrokenLimit::loop, now_, kinds,
      fmt::format("events cause each other without time moving on, at {}: after {} events at "
                  "that time, the next were {}",
                  seconds(now_), limits_.max_events_at_one_time, list));
}

std::string EngineGuard::seconds(std::int64_t ticks) const {
  return fmt::format("{} s", static_cast<double>(ticks) / limits_.ticks_per_second);
}

std::string EngineGuard::name(unsigned kind) const {
  return kind < kind_names_.size() ? std::string(kind_names_[kind]) : fmt::format("kind {}", kind);
}

}  // namespace spotmix

// Pipelines whose instances shadow each other, stage by stage: the rules at the head of
// sim/training/gangs/redundant_pipelines.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/fleet/mix.h"

namespace spotmix::sim::naive {

class Pipelines {
 public:
  explicit Pipelines(const GangSpec& spec) : spec_(spec), stages_(static_cast<std::size_t>(spec.stages)) {}

  std::size_t count() const { return rows_.size(); }
  bool slowed() const { return slowed_; }
  /// Whether all stages of a pipeline are run by somebody, or, without pipelines, anyone waits.
  bool holds_state() const {
    if (rows_.empty()) return !waiting_.empty();
    return std::any_of(rows_.begin(), rows_.end(), [](const Row& row) {
      return std::all_of(row.begin(), row.end(), [](const Stage& stage) { return stage.runner.has_value(); });
    });
  }

  /// Of all pipelines, while each has what it was given.
  std::vector<std::uint32_t> members() const {
    std::vector<std::uint32_t> all;
    for (const Row& row : rows_) {
      for (const Stage& stage : row) all.push_back(*stage.home);
    }
    return all;
  }

  void add(std::uint32_t instance) { waiting_.push_back(instance); }

  /// Takes a lost instance out; says whether nobody could take over what it ran.
  bool lose(std::uint32_t instance) {
    slowed_ = true;
    std::erase(waiting_, instance);
    for (Row& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].home == instance) return !taken_over(row, i);
      }
    }
    return false;
  }

  bool wants_to_meet() const {
    std::size_t doubled = 0;
    for (const Row& row : rows_) {
      for (const Stage& stage : row) doubled += stage.home != stage.runner ? 1 : 0;
    }
    const std::size_t active = rows_.size() * stages_ - doubled;
    const bool as_many_wait = doubled > 0 && waiting_.size() >= doubled;
    const bool another_fits = rows_.size() < static_cast<std::size_t>(spec_.max_pipelines) &&
                              active + waiting_.size() >= (rows_.size() + 1) * stages_;
    return as_many_wait || doubled * 40 > active || another_fits;
  }

  /// All meet: as many whole pipelines as there may be, first of those that were in one.
  void meet() {
    std::vector<std::uint32_t> all;
    for (const Row& row : rows_) {
      for (const Stage& stage : row) {
        if (stage.home) all.push_back(*stage.home);
      }
    }
    all.insert(all.end(), waiting_.begin(), waiting_.end());
    rows_.clear();
    waiting_.clear();
    slowed_ = false;
    while (all.size() >= stages_ && rows_.size() < static_cast<std::size_t>(spec_.max_pipelines)) {
      Row row;
      for (std::size_t i = 0; i < stages_; ++i) row.push_back({all[i], all[i]});
      all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(stages_));
      rows_.push_back(row);
    }
    waiting_ = all;
  }

 private:
  struct Stage {
    std::optional<std::uint32_t> home;    ///< the instance that was given the stage, while it is there
    std::optional<std::uint32_t> runner;  ///< and the one that runs it
  };
  using Row = std::vector<Stage>;

  /// The home of stage `i` is lost: the instance before it in the ring takes its stage if both run one stage.
  static bool taken_over(Row& row, std::size_t i) {
    const std::uint32_t lost = *row[i].home;
    Stage& before = row[(i + row.size() - 1) % row.size()];
    const auto runs = [&](std::optional<std::uint32_t> instance) {
      return std::count_if(row.begin(), row.end(),
                           [&](const Stage& stage) { return stage.runner == instance; });
    };
    const bool can = before.home && before.home != lost && runs(lost) == 1 && runs(before.home) == 1;
    for (Stage& stage : row) {
      if (stage.runner == lost) stage.runner = can ? before.home : std::nullopt;
    }
    row[i].home.reset();
    return can;
  }

  GangSpec spec_;
  std::size_t stages_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> waiting_;
  bool slowed_ = false;
};

}  // namespace spotmix::sim::naive

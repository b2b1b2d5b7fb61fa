// Runs of two other simulators of spot training, answered by this engine under their assumptions.
//
// Their assumptions are settings: decisions only on tick edges, whole ticks billed, no minimum, no free first
// hour, no notice, work kept up to the interruption, completion noticed on a tick edge. What stays here are
// two habits of one of them (`cbl2023`): it asks the policy once more when the job is complete and bills that
// answer for a tick, and its pair_amortize counts the tick on a slice's boundary in both slices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/table.h"
#include "sim/replay/experiment.h"

namespace spotmix::reference {

struct Case {
  std::string id;
  bool cbl2023 = false;
  std::string policy;
  std::string trace;  ///< file below the data directory; several are separated by ';'
  bool one_means_available = false;
  sim::Experiment experiment;  ///< one mix; pools are filled in by `load_trace`
  std::int64_t start_tick = 0;
  Duration tick{0};
  // What the other simulator answered.
  double cost_usd = 0;
  std::int64_t interruptions = 0;
};

/// A capacity trace on ticks, with prices per tick where it has them.
struct TickTrace {
  std::vector<int> available;  ///< instances
  std::vector<HourlyPrice> price;
  HourlyPrice on_demand;
};

/// Our answer to a case.
struct Answer {
  Money cost;
  std::int64_t interruptions = 0;
  std::uint64_t ticks = 0;  ///< from the start to completion
};

/// The cases of a table, in its order; rows whose policy is over several zones come back as nullopt.
std::vector<std::optional<Case>> read_cases(const accuracy::Table& table);

/// Reads the traces that cases name, each once.
class TraceLibrary {
 public:
  explicit TraceLibrary(std::filesystem::path data) : data_(std::move(data)) {}
  const TickTrace& get(const Case& wanted);

 private:
  std::filesystem::path data_;
  std::map<std::string, TickTrace> traces_;
};

/// Puts the pool that `trace` describes into the case's market.
void fill_market(Case& wanted, const TickTrace& trace);

Answer answer(const Case& wanted);

}  // namespace spotmix::reference

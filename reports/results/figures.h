// The one table of a mix's figures: what they are called, their unit, where they are kept, what they mean.
//
// The result JSON (both ways), summary.csv, the results database, baselines, thresholds, the columns of
// tables and of the page, and docs/results.md iterate over it: a new figure is a row here, and a property in
// reports/json/result.schema.json, which a test compares.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enums/enums.h"
#include "reports/results/report.h"

namespace spotmix::reports {

enum class Unit { count, seconds, usd, share, per_second, gib };
constexpr auto enum_names(Unit) {
  using enum Unit;
  return enum_table<Unit>(
      {{count, "count"}, {seconds, "s"}, {usd, "$"}, {share, "share"}, {per_second, "1/s"}, {gib, "GiB"}});
}

/// What the JSON of a figure is: an object of statistics with their `ci95`; a number beside its `…_ci95`; an
/// object of numbers; a number.
enum class FigureKind { distribution, proportion, parts, number };
constexpr auto enum_names(FigureKind) {
  using enum FigureKind;
  return enum_table<FigureKind>(
      {{distribution, "distribution"}, {proportion, "proportion"}, {parts, "parts"}, {number, "number"}});
}

/// One number of a figure: a statistic, a part, or the figure itself (then without a name).
struct FigurePart {
  using Get = std::function<std::optional<double>(const sim::MixResult&, const StepFigures&)>;
  using Set = std::function<void(sim::MixResult&, StepFigures&, double)>;

  std::string name;
  bool always_known = false;  ///< If the figure is known.
  Get get;
  Set set;               ///< Empty if the number is derived from others.
  bool sampled = false;  ///< A baseline compares it by resampling replications.
};

/// A heading of two lines takes less room; it is used when the names of the mixes would not fit otherwise.
struct Heading {
  std::string text;
  std::string upper{};
  std::string lower{};
};

/// The last rank of a column.
inline constexpr int kLastRank = 6;

/// One number of a figure as a column of the table in terminals and in summary.md.
struct FigureColumn {
  std::size_t part = 0;
  int place = 0;  ///< From left to right.
  int rank = 0;   ///< 0 is always shown; the others come, from 1 to kLastRank, as there is room.
  Heading heading;
};

/// A figure as a column of the page: the first number, with its interval or spread below.
struct PageColumn {
  int place = 0;
  std::string heading;
  bool spread = true;  ///< Shows the 5th to 95th percentile below the mean.
  bool more_is_better = false;
};

/// What a replication is judged by.
struct Limits {
  std::optional<Duration> deadline;
  std::optional<Money> budget;
};

/// The value of one replication, NaN if it has none; 1 or 0 for a proportion.
using OfReplication = double (*)(const sim::ReplicationOutcome&, const Limits&);

enum class Needs { nothing, deadline, budget };

struct Figure {
  std::string name;  ///< Its path in the result JSON: "cost_usd", "step.time_s".
  FigureKind kind = FigureKind::number;
  Unit unit = Unit::count;
  std::string csv;  ///< Its name in summary.csv; empty if only the JSON has the figure.
  std::string sentence;

  bool of_step = false;                 ///< Of the training step, which no chance enters.
  bool always_known = false;            ///< If the mix can train, or its step is known.
  std::vector<FigurePart> parts{};      ///< At least one.
  std::vector<FigurePart> interval{};   ///< Both ends of it at 95%, or none.
  Needs needs = Needs::nothing;         ///< What the scenario must set for it to be known.
  std::vector<FigureColumn> columns{};  ///< In the table of mixes.
  std::optional<PageColumn> page{};     ///< In the page's table of mixes.

  /// What a baseline resamples; the summary is that of a distribution.
  OfReplication of_replication = nullptr;
  std::optional<sim::SampleSummary> sim::MixResult::*summary = nullptr;

  /// The last key of its path.
  std::string_view key() const;
  /// The key before that in the mix's object, such as "spread"; empty if there is none, or it is the step's.
  std::string_view group() const;
  /// If the scenario sets what the figure needs.
  bool asked_for(const Limits& limits) const;
};

/// All of them, in the order of the result JSON.
const std::vector<Figure>& figures();

/// REQUIRES: `name` is that of a figure.
const Figure& figure_named(std::string_view name);

/// Any number of the table by its path in the result JSON, such as "cost_usd.p95": what thresholds, baselines
/// and the results database name.
struct Metric {
  std::string name;
  const Figure* figure = nullptr;
  const FigurePart* part = nullptr;

  /// Unknown for an infeasible mix.
  std::optional<double> value(const sim::MixResult& mix, const std::optional<StepFigures>& step) const;
};

/// All of them, in the order of the result JSON.
const std::vector<Metric>& metrics();

/// The metric of that name, or nullptr.
const Metric* find_metric(std::string_view name);

std::vector<std::string> metric_names();

}  // namespace spotmix::reports

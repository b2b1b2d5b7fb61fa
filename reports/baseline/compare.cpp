#include "reports/baseline/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/statistics/intervals.h"
#include "base/text/quantities.h"
#include "reports/baseline/sampled.h"
#include "reports/results/difference.h"
#include "reports/results/figures.h"
#include "reports/results/warnings.h"

namespace spotmix::reports {
namespace {

constexpr double kLevel = 0.95;
constexpr std::size_t kHashShown = 12;

std::vector<std::string> names_missing(const std::vector<std::string>& names,
                                       const std::vector<std::string>& from) {
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (std::find(from.begin(), from.end(), name) == from.end()) missing.push_back(name);
  }
  return missing;
}

template <class Named>
const Named* find_named(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

/// The scenarios must be those of the baseline, each with its seed.
void require_fit(const Baseline& baseline, const std::vector<BaselineScenario>& now) {
  const auto missing = names_missing(names_of(baseline.scenarios), names_of(now));
  const auto extra = names_missing(names_of(now), names_of(baseline.scenarios));
  if (!missing.empty() || !extra.empty()) {
    std::string text = "the baseline is of other scenarios";
    if (!missing.empty()) text += fmt::format("; only it has: {}", fmt::join(missing, ", "));
    if (!extra.empty()) text += fmt::format("; it lacks: {}", fmt::join(extra, ", "));
    throw BadBaseline(text + "; --update records it anew");
  }
  for (const BaselineScenario& scenario : now) {
    const BaselineScenario& before = *find_named(baseline.scenarios, scenario.name);
    if (before.seed == scenario.seed) continue;
    throw BadBaseline(fmt::format("{}: found seed {}, the baseline has seed {}; --update records it anew",
                                  scenario.name, scenario.seed, before.seed));
  }
}

std::string short_hash(const std::string& hash) {
  return hash.substr(0, kHashShown);
}

/// What the results depend on and is not what it was.
std::vector<std::string> changes_between(const BaselineScenario& before, const BaselineScenario& now) {
  std::vector<std::string> changes;
  if (before.spotmix_version != now.spotmix_version) {
    changes.push_back(fmt::format("spotmix {} → {}", before.spotmix_version, now.spotmix_version));
  }
  if (before.replications() != now.replications()) {
    changes.push_back(fmt::format("replications {} → {}", before.replications(), now.replications()));
  }
  const auto same_input = [](const Input& input) {
    return [&input](const Input& other) { return other.role == input.role && other.name == input.name; };
  };
  for (const Input& input : now.inputs) {
    const auto old_input = std::find_if(before.inputs.begin(), before.inputs.end(), same_input(input));
    if (old_input == before.inputs.end()) {
      changes.push_back(fmt::format("{} {}: new, {}", input.role, input.name, short_hash(input.sha256)));
    } else if (old_input->sha256 != input.sha256) {
      changes.push_back(fmt::format("{} {}: {} → {}", input.role, input.name, short_hash(old_input->sha256),
                                    short_hash(input.sha256)));
    }
  }
  for (const Input& input : before.inputs) {
    if (std::none_of(now.inputs.begin(), now.inputs.end(), same_input(input))) {
      changes.push_back(fmt::format("{} {}: gone", input.role, input.name));
    }
  }
  return changes;
}

/// A comparison in the making: standard errors become intervals once their number is known.
struct Open {
  Difference difference;
  double standard_error = 0;
  double degrees = 0;
  std::size_t scenario = 0;
};

bool beyond(const Difference& difference, double tolerance) {
  if (!difference.before || !difference.after)
    return difference.before.has_value() != difference.after.has_value();
  const double larger = std::max(std::abs(*difference.before), std::abs(*difference.after));
  return std::abs(*difference.after - *difference.before) > tolerance * larger;
}

std::optional<double> value_of(const BaselineMix& mix, const std::string& metric) {
  const auto found = std::find_if(mix.metrics.begin(), mix.metrics.end(),
                                  [&](const auto& kept) { return kept.first == metric; });
  return found == mix.metrics.end() ? std::nullopt : found->second;
}

/// An older baseline does not know figures that are new.
bool keeps(const BaselineMix& mix, const std::string& metric) {
  return std::any_of(mix.metrics.begin(), mix.metrics.end(),
                     [&](const auto& kept) { return kept.first == metric; });
}

class MixComparison {
 public:
  MixComparison(const BaselineScenario& before, const BaselineMix& old_mix, const BaselineScenario& now,
                const BaselineMix& new_mix)
      : old_mix_(old_mix),
        new_mix_(new_mix),
        old_sample_{old_mix.replications, {before.deadline, before.budget}},
        new_sample_{new_mix.replications, {now.deadline, now.budget}} {}

  bool paired() const { return old_mix_.replications.size() == new_mix_.replications.size(); }

  void add_to(std::vector<Open>& all, std::size_t scenario) const {
    add(all, scenario, "feasible", old_mix_.feasible ? 1.0 : 0.0, new_mix_.feasible ? 1.0 : 0.0);
    const bool certain = without_spread(old_sample_) && without_spread(new_sample_);
    const bool equal = same_replications();
    const SampledFigures errors = certain || equal ? SampledFigures(sampled_metrics().size())
                                                   : standard_errors(old_sample_, new_sample_, paired());
    std::size_t sampled = 0;
    for (const Metric& metric : metrics()) {
      const double error = metric.part->sampled ? errors[sampled++] : 0;
      if (!keeps(old_mix_, metric.name)) continue;
      if (!certain && !metric.part->sampled && !metric.figure->of_step) continue;
      Open& open =
          add(all, scenario, metric.name, value_of(old_mix_, metric.name), value_of(new_mix_, metric.name));
      if (certain || !metric.part->sampled || !open.difference.before || !open.difference.after) continue;
      open.difference.random = true;
      open.standard_error = error;
      open.degrees = degrees();
    }
  }

 private:
  Open& add(std::vector<Open>& all, std::size_t scenario, const std::string& metric,
            std::optional<double> before, std::optional<double> after) const {
    Open open;
    open.difference.mix = new_mix_.name;
    open.difference.metric = metric;
    open.difference.before = before;
    open.difference.after = after;
    open.scenario = scenario;
    all.push_back(std::move(open));
    return all.back();
  }

  /// Of the smaller sample; one that does not spread adds no error.
  double degrees() const {
    std::size_t least = std::max(old_mix_.replications.size(), new_mix_.replications.size());
    for (const Sample* sample : {&old_sample_, &new_sample_}) {
      if (!without_spread(*sample)) least = std::min(least, sample->replications.size());
    }
    return static_cast<double>(std::max<std::size_t>(2, least) - 1);
  }

  bool same_replications() const {
    return paired() && std::equal(old_mix_.replications.begin(), old_mix_.replications.end(),
                                  new_mix_.replications.begin(), [](const auto& a, const auto& b) {
                                    return a.time_to_train == b.time_to_train && a.cost == b.cost &&
                                           a.interruptions == b.interruptions && a.goodput == b.goodput;
                                  });
  }

  const BaselineMix& old_mix_;
  const BaselineMix& new_mix_;
  Sample old_sample_;
  Sample new_sample_;
};

/// Student's t for intervals that hold together for `comparisons` figures.
double together_95(double degrees, std::size_t comparisons) {
  return -student_quantile(degrees, (1 - kLevel) / 2 / static_cast<double>(comparisons));
}

void judge(Open& open, std::size_t comparisons, double tolerance) {
  Difference& difference = open.difference;
  difference.drift = beyond(difference, tolerance);
  if (!difference.random) return;
  const double change = *difference.after - *difference.before;
  // Not even an error can be told (no resample finished): as wide as can be.
  const double half = std::isnan(open.standard_error)
                          ? std::numeric_limits<double>::infinity()
                          : together_95(open.degrees, comparisons) * open.standard_error;
  if (std::isfinite(half)) difference.interval = {change - half, change + half};
  difference.drift = difference.drift && std::abs(change) > half;
}

/// A result that is compared was approved with a winner; older baselines do not say which.
std::optional<ResultDifference> winner_change(const BaselineScenario& before, const BaselineScenario& now) {
  if (!before.winner || !now.winner) return std::nullopt;
  const auto cost_of = [](const BaselineScenario& scenario) {
    const BaselineMix* winner = find_named(scenario.mixes, *scenario.winner);
    return winner == nullptr ? std::nullopt : value_of(*winner, "cost_usd.mean");
  };
  ResultDifference difference;
  difference.winner_before = *before.winner;
  difference.winner_after = *now.winner;
  difference.best_cost_usd = {cost_of(before), cost_of(now)};
  return difference;
}

ScenarioComparison open_comparison(const BaselineScenario& before, const BaselineScenario& now,
                                   std::size_t number, std::vector<Open>& open) {
  ScenarioComparison comparison;
  comparison.scenario = now.name;
  comparison.winner = winner_change(before, now);
  comparison.changes = changes_between(before, now);
  comparison.removed = names_missing(names_of(before.mixes), names_of(now.mixes));
  comparison.added = names_missing(names_of(now.mixes), names_of(before.mixes));
  if (before.warnings && now.warnings) {
    comparison.new_warnings = warnings_missing(*now.warnings, *before.warnings);
    comparison.gone_warnings = warnings_missing(*before.warnings, *now.warnings);
  }
  for (const BaselineMix& mix : now.mixes) {
    const BaselineMix* old_mix = find_named(before.mixes, mix.name);
    if (old_mix == nullptr) continue;
    const MixComparison compared(before, *old_mix, now, mix);
    comparison.paired = comparison.paired && compared.paired();
    compared.add_to(open, number);
  }
  return comparison;
}

/// A count for "feasible", which is compared beside the metrics.
Unit unit_of(const std::string& metric) {
  const Metric* known = find_metric(metric);
  return known == nullptr ? Unit::count : known->figure->unit;
}

/// To six digits, in the unit that the figure is kept in.
std::string exact_text(const std::string& metric, const std::optional<double>& value) {
  if (!value) return "unknown";
  const char* sign = *value < 0 ? "-" : "";
  return fmt::format("{}{}{:.6g}{}", sign, unit_of(metric) == Unit::usd ? "$" : "", std::abs(*value),
                     unit_of(metric) == Unit::seconds ? " s" : "");
}

}  // namespace

void require_distinct(const Baseline& baseline) {
  std::set<std::string> names;
  for (const BaselineScenario& scenario : baseline.scenarios) {
    if (names.insert(scenario.name).second) continue;
    throw BadBaseline(
        fmt::format("found two scenarios called {}, expected each to have a name of its own", scenario.name));
  }
}

Comparison compare(const Baseline& baseline, const std::vector<Report>& reports, double tolerance) {
  Baseline results;
  for (const Report& report : reports) results.scenarios.push_back(baseline_of(report));
  const std::vector<BaselineScenario>& now = results.scenarios;
  require_distinct(results);
  require_fit(baseline, now);
  Comparison comparison;
  comparison.tolerance = tolerance;
  if (!reports.empty()) comparison.spotmix_version = reports.front().spotmix_version;
  std::vector<Open> open;
  for (const BaselineScenario& scenario : now) {
    comparison.scenarios.push_back(open_comparison(*find_named(baseline.scenarios, scenario.name), scenario,
                                                   comparison.scenarios.size(), open));
  }
  const auto random = static_cast<std::size_t>(
      std::count_if(open.begin(), open.end(), [](const Open& one) { return one.difference.random; }));
  for (Open& one : open) {
    judge(one, random, tolerance);
    comparison.scenarios[one.scenario].differences.push_back(std::move(one.difference));
  }
  return comparison;
}

bool drifted(const ScenarioComparison& scenario) {
  return !scenario.added.empty() || !scenario.removed.empty() ||
         std::any_of(scenario.differences.begin(), scenario.differences.end(),
                     [](const Difference& difference) { return difference.drift; });
}

bool drifted(const Comparison& comparison) {
  return std::any_of(comparison.scenarios.begin(), comparison.scenarios.end(),
                     [](const ScenarioComparison& scenario) { return drifted(scenario); });
}

std::string value_text(const std::string& metric, const std::optional<double>& value) {
  if (!value) return "unknown";
  if (unit_of(metric) == Unit::usd) return money_text(*value);
  if (unit_of(metric) == Unit::seconds) return duration_text(*value);
  return exact_text(metric, value);
}

std::string relative_text(const Difference& difference) {
  if (!difference.before || !difference.after || *difference.before == 0) return "";
  constexpr double kLeastShown = 5e-4;
  const double percent = (*difference.after - *difference.before) / std::abs(*difference.before) * 100;
  if (std::abs(percent) < kLeastShown) return "";
  return fmt::format("{:+.3g} %", percent);
}

std::pair<std::string, std::string> values_text(const Difference& difference) {
  std::pair<std::string, std::string> texts{value_text(difference.metric, difference.before),
                                            value_text(difference.metric, difference.after)};
  if (texts.first == texts.second && difference.changed()) {
    texts = {exact_text(difference.metric, difference.before),
             exact_text(difference.metric, difference.after)};
  }
  return texts;
}

}  // namespace spotmix::reports

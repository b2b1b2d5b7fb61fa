#include "reports/results/difference.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/quantities.h"
#include "reports/results/verdict.h"
#include "reports/results/warnings.h"

namespace spotmix::reports {
namespace {

using Values = std::map<std::string, std::string>;

/// Every number, text and flag of a document by its path.
void flatten(const nlohmann::ordered_json& value, const std::string& path, Values& values) {
  if (value.is_object() && !value.empty()) {
    for (const auto& [key, below] : value.items()) flatten(below, key_path(path, key), values);
  } else if (value.is_array() && !value.empty()) {
    for (std::size_t i = 0; i < value.size(); ++i) flatten(value[i], item_path(path, i), values);
  } else {
    values[path] = shown(value);
  }
}

Values scenario_values(const Report& report) {
  Values values;
  if (!report.reproduction) return values;
  const auto document = parse_document("", report.reproduction->scenario_text);
  if (document) flatten(*document.value, "", values);
  return values;
}

Values files_of(const Report& report) {
  Values values;
  if (!report.reproduction) return values;
  for (const Input& input : report.reproduction->inputs) {
    if (input.role != "scenario") values[input.role + " " + input.name] = input.sha256.substr(0, 12);
  }
  return values;
}

Values settings_of(const Report& report) {
  Values values{{"spotmix", report.spotmix_version},
                {"seed", std::to_string(report.batch.seed)},
                {"replications", std::to_string(report.batch.replications)}};
  if (report.deadline) values["deadline"] = duration_text(to_seconds(*report.deadline));
  if (report.budget) values["budget"] = money_text(to_usd(*report.budget));
  for (const std::string& setting : report.settings)
    values["--set " + setting.substr(0, setting.find('='))] = setting.substr(setting.find('=') + 1);
  return values;
}

void compare(const Values& before, const Values& after, std::vector<InputDifference>& differences) {
  Values all = before;
  all.insert(after.begin(), after.end());
  const auto of = [](const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
  for (const auto& [name, unused] : all) {
    InputDifference difference{name, of(before, name), of(after, name)};
    if (difference.before != difference.after) differences.push_back(std::move(difference));
  }
}

std::optional<double> mean_of(const std::optional<sim::SampleSummary>& summary) {
  return summary ? std::optional(summary->mean) : std::nullopt;
}

MixDifference mix_difference(const sim::MixResult& before, const sim::MixResult& after) {
  MixDifference difference;
  difference.name = after.name;
  difference.feasible_before = feasible(before);
  difference.feasible_after = feasible(after);
  const bool both_on_time = before.on_time && after.on_time;
  const auto odds = [&](const sim::MixResult& mix) {
    return feasible(mix) ? std::optional(both_on_time ? mix.on_time->value : mix.finished.value)
                         : std::nullopt;
  };
  difference.cost_usd = {mean_of(before.cost_usd), mean_of(after.cost_usd)};
  difference.time_to_train_s = {mean_of(before.time_to_train_s), mean_of(after.time_to_train_s)};
  difference.odds = {odds(before), odds(after)};
  return difference;
}

const sim::MixResult* find_mix(const Report& report, const std::string& name) {
  const auto& mixes = report.batch.mixes;
  const auto found =
      std::find_if(mixes.begin(), mixes.end(), [&](const sim::MixResult& mix) { return mix.name == name; });
  return found == mixes.end() ? nullptr : &*found;
}

std::vector<std::string> names_missing(const Report& from, const Report& in) {
  std::vector<std::string> names;
  for (const sim::MixResult& mix : from.batch.mixes) {
    if (find_mix(in, mix.name) == nullptr) names.push_back(mix.name);
  }
  return names;
}

}  // namespace

ResultDifference difference_of(const Report& before, const Report& after) {
  ResultDifference difference;
  difference.scenario = after.scenario;
  const auto winner = [](const Report& report) -> const sim::MixResult* {
    const Verdict verdict = verdict_of(report);
    return verdict.best ? &report.batch.mixes[*verdict.best] : nullptr;
  };
  const sim::MixResult* first = winner(before);
  const sim::MixResult* second = winner(after);
  if (first != nullptr) {
    difference.winner_before = first->name;
    difference.best_cost_usd.before = mean_of(first->cost_usd);
  }
  if (second != nullptr) {
    difference.winner_after = second->name;
    difference.best_cost_usd.after = mean_of(second->cost_usd);
  }
  difference.added = names_missing(after, before);
  difference.removed = names_missing(before, after);
  for (const sim::MixResult& mix : before.batch.mixes) {
    if (const sim::MixResult* other = find_mix(after, mix.name))
      difference.mixes.push_back(mix_difference(mix, *other));
  }
  difference.new_warnings = warnings_missing(after.warnings, before.warnings);
  difference.gone_warnings = warnings_missing(before.warnings, after.warnings);
  compare(settings_of(before), settings_of(after), difference.inputs);
  if (before.reproduction && after.reproduction) {
    compare(scenario_values(before), scenario_values(after), difference.inputs);
    compare(files_of(before), files_of(after), difference.inputs);
  }
  return difference;
}

std::string change_text(const BeforeAfter& values) {
  if (!values.before || !values.after || *values.before == 0) return "";
  const double percent = (*values.after - *values.before) / std::abs(*values.before) * 100;
  return std::abs(percent) < 0.05 ? "" : fmt::format("{:+.1f}%", percent);
}

std::string winner_text(const ResultDifference& difference) {
  const auto named = [](const std::string& name) { return name.empty() ? "none" : name; };
  std::string text = difference.winner_changed()
                         ? fmt::format("The winner changed from {} to {}", named(difference.winner_before),
                                       named(difference.winner_after))
                     : difference.winner_after.empty()
                         ? "No mix makes it in either result"
                         : fmt::format("The winner is still {}", difference.winner_after);
  const BeforeAfter& cost = difference.best_cost_usd;
  if (!cost.before || !cost.after) return text + ".";
  const std::string change = change_text(cost);
  return text + (change.empty() ? fmt::format("; the best cost is {}.", money_text(*cost.after))
                                : fmt::format("; the best cost went from {} to {} ({}).",
                                              money_text(*cost.before), money_text(*cost.after), change));
}

}  // namespace spotmix::reports

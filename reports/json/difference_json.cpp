#include "reports/json/difference_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/step_json.h"
#include "reports/json/warnings_json.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDifferenceVersion = 1;

Json values_json(const BeforeAfter& values) {
  return {{"before", or_null(values.before)}, {"after", or_null(values.after)}};
}

Json mix_json(const MixDifference& mix) {
  return {{"name", mix.name},
          {"changed", mix.changed()},
          {"feasible", {{"before", mix.feasible_before}, {"after", mix.feasible_after}}},
          {"cost_usd", values_json(mix.cost_usd)},
          {"time_to_train_s", values_json(mix.time_to_train_s)},
          {"odds", values_json(mix.odds)}};
}

Json difference_json(const ResultDifference& difference) {
  Json mixes = Json::array();
  for (const MixDifference& mix : difference.mixes) mixes.push_back(mix_json(mix));
  Json inputs = Json::array();
  for (const InputDifference& input : difference.inputs)
    inputs.push_back(
        {{"name", input.name}, {"before", text_or_null(input.before)}, {"after", text_or_null(input.after)}});
  return {{"scenario", difference.scenario},
          {"winner",
           {{"changed", difference.winner_changed()},
            {"before", text_or_null(difference.winner_before)},
            {"after", text_or_null(difference.winner_after)}}},
          {"best_cost_usd", values_json(difference.best_cost_usd)},
          {"added_mixes", difference.added},
          {"removed_mixes", difference.removed},
          {"mixes", mixes},
          {"new_warnings", warnings_json(difference.new_warnings)},
          {"gone_warnings", warnings_json(difference.gone_warnings)},
          {"inputs", inputs}};
}

}  // namespace

void write_differences_json(std::string_view spotmix_version,
                            const std::vector<ResultDifference>& differences, std::ostream& out) {
  Json scenarios = Json::array();
  for (const ResultDifference& difference : differences) scenarios.push_back(difference_json(difference));
  write_document({{"difference_version", kDifferenceVersion},
                  {"spotmix_version", spotmix_version},
                  {"scenarios", scenarios}},
                 out);
}

}  // namespace spotmix::reports

#include "scenarios/check_scenario.h"

#include <set>

#include <fmt/format.h>

#include "models/workload/library.h"
#include "scenarios/json/json_text.h"
#include "scenarios/nearest.h"
#include "scenarios/text_values.h"
#include "sim/fleet/policy.h"

namespace spotmix::scenarios {
namespace {

class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  Problems check() {
    check_workload();
    check_deadline();
    check_names();
    check_groups();
    check_policies();
    check_thresholds();
    return std::move(problems_);
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
  }

  void check_workload() {
    const WorkloadSpec& workload = scenario_.workload;
    const auto names = models::workload_names();
    if (workload.model && !models::find_workload(*workload.model)) {
      add("workload.model", fmt::format("found {}, expected {}{}", in_quotes(*workload.model), one_of(names),
                                        did_you_mean(*workload.model, names)));
    }
    const int amounts = int{workload.samples.has_value()} + int{workload.steps.has_value()} +
                        int{workload.epochs.has_value()};
    if (amounts != 1) {
      add("workload", fmt::format("found {} of \"samples\", \"steps\" and \"epochs\", expected exactly one",
                                  amounts == 0 ? "none" : "several"));
    }
    if (workload.steps && !workload.global_batch)
      add("workload.global_batch",
          "found nothing, expected the samples of one step, since \"steps\" is given");
    if (workload.epochs && !workload.samples_per_epoch)
      add("workload.samples_per_epoch",
          "found nothing, expected a number of samples, since \"epochs\" is given");
  }

  void check_deadline() {
    if (!scenario_.deadline_at) return;
    if (scenario_.deadline) add("deadline", "found besides \"deadline_h\", expected only one of the two");
    const auto& start = scenario_.market.start;
    if (!start || start->kind != StartSpec::Kind::fixed) {
      add("deadline",
          "found a moment without a fixed market.start, expected \"deadline_h\" or a fixed start");
    } else if (*scenario_.deadline_at <= start->fixed) {
      add("deadline", fmt::format("found {}, expected a time after the start, {}",
                                  format_time(*scenario_.deadline_at), format_time(start->fixed)));
    }
  }

  void check_names() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i) {
      if (!names.insert(scenario_.mixes[i].name).second) {
        add(key_path(item_path("mixes", i), "name"),
            fmt::format("found {} a second time, expected each mix to have its own name",
                        in_quotes(scenario_.mixes[i].name)));
      }
    }
  }

  void check_groups() {
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i) {
      const auto& groups = scenario_.mixes[i].groups;
      for (std::size_t j = 0; j < groups.size(); ++j) {
        const std::string path = item_path(key_path(item_path("mixes", i), "groups"), j);
        if (groups[j].max_price && groups[j].purchase != sim::Purchase::spot) {
          add(key_path(path, "max_price_usd_per_h"),
              "found a maximum price for on_demand, expected one only for spot");
        }
      }
    }
  }

  void check_policies() {
    const bool deadline = scenario_.deadline || scenario_.deadline_at;
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i) {
      const PolicySettings& policy = scenario_.mixes[i].policy;
      if (!deadline && sim::needs_deadline(policy.kind)) {
        add("deadline_h",
            fmt::format("found nothing, expected a number of hours: the policy of mix {} watches a deadline",
                        in_quotes(scenario_.mixes[i].name)));
      }
      if (policy.pair_slice && policy.decision_interval && *policy.pair_slice < *policy.decision_interval) {
        add(key_path(item_path("mixes", i), "policy.pair_slice_h"),
            "found a slice shorter than the decision interval, expected a longer one");
      }
    }
  }

  void check_thresholds() {
    std::vector<std::string> names;
    for (const MixSpec& mix : scenario_.mixes) names.push_back(mix.name);
    for (std::size_t i = 0; i < scenario_.thresholds.size(); ++i) {
      const Threshold& threshold = scenario_.thresholds[i];
      const std::string path = item_path("thresholds", i);
      if (!threshold.min && !threshold.max)
        add(path, "found neither \"min\" nor \"max\", expected at least one");
      if (threshold.mix && std::find(names.begin(), names.end(), *threshold.mix) == names.end()) {
        add(key_path(path, "mix"),
            fmt::format("found {}, expected the name of a mix: {}{}", in_quotes(*threshold.mix),
                        one_of(names), did_you_mean(*threshold.mix, names)));
      }
    }
  }

  const Scenario& scenario_;
  Problems problems_;
};

}  // namespace

Problems check_scenario(const Scenario& scenario) {
  return Checker(scenario).check();
}

}  // namespace spotmix::scenarios

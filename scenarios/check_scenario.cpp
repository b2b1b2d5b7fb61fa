#include "scenarios/check_scenario.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/check_mixes.h"
#include "scenarios/check_training.h"

namespace spotmix::scenarios {
namespace {

class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  Problems check() {
    check_training(scenario_, problems_);
    check_mixes(scenario_, problems_);
    check_deadline();
    check_names();
    check_hazard();
    check_quotas();
    check_shares();
    check_thresholds();
    return std::move(problems_);
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
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

  void check_hazard() {
    const HazardSpec& hazard = scenario_.market.hazard;
    const std::string path = "market.interruptions.hazard";
    const int given = static_cast<int>(hazard.per_hour.has_value()) +
                      static_cast<int>(hazard.weibull.has_value()) +
                      static_cast<int>(hazard.bathtub.has_value()) + static_cast<int>(hazard.has_advisor());
    if (given > 1)
      add(path, "found several of \"per_hour\", \"weibull\", \"bathtub\" and \"spot_advisor\", expected one");
    if (hazard.advisor_data && hazard.advisor.contains(""))
      add(key_path(path, "spot_advisor"),
          "found one band for all types besides \"spot_advisor_data\", expected bands by type or nothing");
    for (const auto& [instance, band] : hazard.advisor) {
      if (band != AdvisorBand::above_20 || hazard.advisor_highest_percent) continue;
      add(key_path(path, "spot_advisor_highest_percent"),
          "found nothing, expected a percentage: the band \">20%\" has no published upper end");
      break;
    }
    if (hazard.bathtub &&
        hazard.bathtub->early_hours + hazard.bathtub->late_hours_before_cap > hazard.bathtub->cap_hours) {
      add(key_path(path, "bathtub"),
          fmt::format("found {:g} h early and {:g} h late, expected no more than the cap, {:g} h",
                      hazard.bathtub->early_hours, hazard.bathtub->late_hours_before_cap,
                      hazard.bathtub->cap_hours));
    }
  }

  void check_quotas() {
    std::set<std::string> classes;
    const auto& quotas = scenario_.market.quotas;
    for (std::size_t i = 0; i < quotas.size(); ++i) {
      if (classes.insert(quotas[i].family_class).second) continue;
      add(key_path(item_path("market.quotas", i), "family_class"),
          fmt::format("found {} a second time, expected each class once", in_quotes(quotas[i].family_class)));
    }
  }

  void check_shares() {
    if (scenario_.workload.proportional_shares && scenario_.parallelism)
      add("workload.shares",
          "found \"proportional\", expected it only without \"parallelism\": data parallelism "
          "over all devices");
  }

  void check_thresholds() {
    std::vector<std::string> names;
    for (const MixSpec& mix : scenario_.mixes) names.push_back(mix.name);
    const auto is_mix = [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    std::set<std::string> checked;
    for (const Threshold& threshold : scenario_.thresholds) {
      if (!checked.insert(threshold.path).second) continue;  // another limit of the same
      if (threshold.mix && !is_mix(*threshold.mix)) {
        add(threshold.path,
            fmt::format("found {}, expected the name of a mix before the last slash: {}{}",
                        in_quotes(*threshold.mix), one_of(names), did_you_mean(*threshold.mix, names)));
      }
      if (!threshold.except.empty() && (threshold.mix || threshold.of_best))
        add(key_path(threshold.path, "except"), "a threshold on one mix and \"except\" cannot be combined");
      for (std::size_t i = 0; i < threshold.except.size(); ++i) {
        const std::string& name = threshold.except[i];
        if (is_mix(name)) continue;
        add(item_path(key_path(threshold.path, "except"), i),
            fmt::format("found {}, expected the name of a mix: {}{}", in_quotes(name), one_of(names),
                        did_you_mean(name, names)));
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

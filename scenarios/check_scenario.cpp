#include "scenarios/check_scenario.h"

#include <set>

#include <fmt/format.h>

#include "scenarios/check_training.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/json/json_text.h"
#include "scenarios/nearest.h"
#include "scenarios/text_values.h"

namespace spotmix::scenarios {
namespace {

class Checker {
 public:
  explicit Checker(const Scenario& scenario) : scenario_(scenario) {}

  Problems check() {
    check_training(scenario_, problems_);
    check_deadline();
    check_names();
    check_groups();
    check_policies();
    check_hazard();
    check_quotas();
    check_gangs();
    check_checkpoints();
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

  void check_groups() {
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i) {
      const auto& groups = scenario_.mixes[i].groups;
      for (std::size_t j = 0; j < groups.size(); ++j) {
        const std::string path = item_path(key_path(item_path("mixes", i), "groups"), j);
        check_group(groups[j], path);
        check_purchase(scenario_.mixes[i], groups[j], path);
      }
    }
  }

  void check_group(const GroupSpec& group, const std::string& path) {
    const bool spot = group.purchase == sim::Purchase::spot;
    const bool reserved = group.purchase == sim::Purchase::reserved;
    const std::size_t names = (group.instances_as_list ? 1 : 0) + (group.names_instance ? 1 : 0);
    if (names != 1) {
      add(path, fmt::format("found {} of \"instance\" and \"instances\", expected exactly one",
                            names == 0 ? "neither" : "both"));
    }
    if (group.max_price && !spot) {
      add(key_path(path, "max_price_usd_per_h"),
          fmt::format("found a maximum price for {}, expected one only for spot",
                      reserved ? "reserved" : "on_demand"));
    }
    if (group.on_demand_base.value_or(0) > group.count) {
      add(key_path(path, "on_demand_base"), fmt::format("found {}, expected at most the group's count, {}",
                                                        *group.on_demand_base, group.count));
    }
    if ((group.on_demand_base || group.on_demand_percentage) && !spot)
      add(path, "found an on-demand part of a group that is not spot, expected one only for spot");
    const ReservationSpec& terms = group.reservation;
    const bool has_terms = terms.term_years || terms.payment;
    if (!reserved && (terms.price || has_terms))
      add(path, "found the terms of a reservation, expected them only with \"purchase\": \"reserved\"");
    if (reserved && terms.price.has_value() == has_terms) {
      add(path, fmt::format("found {} of \"reserved_usd_per_h\" and \"reservation\", expected exactly one",
                            has_terms ? "both" : "neither"));
    }
    if (reserved && (group.zones.size() > 1 || group.instances.size() > 1))
      add(path, "found several zones or instance types, expected one: a reservation is one commitment");
  }

  void check_purchase(const MixSpec& mix, const GroupSpec& group, const std::string& path) {
    if (!policy_entry(mix.policy).decides_purchase) return;
    for (const auto& [key, part] : {std::pair("on_demand_base", group.on_demand_base),
                                    std::pair("on_demand_percentage", group.on_demand_percentage)}) {
      if (part.value_or(0) == 0) continue;
      add(key_path(path, key),
          fmt::format("found {}, expected nothing: the policy of mix {} decides what is bought", *part,
                      in_quotes(mix.name)));
    }
    if (group.purchase != sim::Purchase::on_demand) return;
    add(key_path(path, "purchase"),
        fmt::format("found \"on_demand\", expected \"spot\" or nothing: the policy of mix {} decides what is "
                    "bought",
                    in_quotes(mix.name)));
  }

  void check_hazard() {
    const HazardSpec& hazard = scenario_.market.hazard;
    const std::string path = "market.interruptions.hazard";
    const int given = int{hazard.per_hour.has_value()} + int{hazard.weibull.has_value()} +
                      int{hazard.bathtub.has_value()} + int{hazard.has_advisor()};
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

  void check_gangs() {
    for (const MixSpec& mix : scenario_.mixes) {
      const std::string path = key_path(mix.path, "gang");
      const bool pipelines =
          mix.gang.kind == sim::GangKind::redundant_pipelines || mix.gang.kind == sim::GangKind::templates;
      if (pipelines && !mix.gang.stages)
        add(key_path(path, "stages"), "found nothing, expected the instances of one pipeline");
      if (mix.launch.leave_zone_after && !mix.launch.single_zone) {
        add(key_path(mix.path, "launch.leave_zone_after_min"),
            "found a time without \"single_zone\": true, expected one only with it");
      }
    }
  }

  void check_checkpoints() {
    for (const MixSpec& mix : scenario_.mixes) {
      const CheckpointSettings& c = mix.checkpoint;
      const std::string path = key_path(mix.path, "recovery.checkpoint");
      const bool periodic = !c.kind || c.kind == sim::CheckpointSpec::Kind::interval;
      const bool divided = c.full_every.value_or(1) > 1;
      if (!periodic && (divided || c.asynchronous))
        add(key_path(path, divided ? "full_every" : "asynchronous"),
            "found besides an interval of \"continuous\" or \"none\", expected it only with checkpoints at "
            "intervals");
      if (divided && !c.increment_bytes)
        add(key_path(path, "increment_gb"),
            "found nothing, expected the size of an increment, since \"full_every\" is above 1");
      if (!divided && c.increment_bytes)
        add(key_path(path, "increment_gb"),
            "found a size, expected one only with \"full_every\" above 1: every checkpoint is full");
      if (c.snapshot_bytes_per_s && !c.asynchronous)
        add(key_path(path, "snapshot_gb_per_s"),
            "found a bandwidth, expected one only with \"asynchronous\": true");
      if (c.part_bytes && c.store != CheckpointStore::s3)
        add(key_path(path, "part_mib"), "found a size, expected one only with \"store\": \"s3\"");
      if (c.mean_between && !c.rule)
        add(key_path(path, "mean_between_interruptions_h"),
            "found a time, expected one only with an interval of \"young\" or \"daly\"");
    }
  }

  void check_shares() {
    if (scenario_.workload.proportional_shares && scenario_.parallelism)
      add("workload.shares",
          "found \"proportional\", expected it only without \"parallelism\": data parallelism "
          "over all devices");
  }

  void check_policies() {
    const bool deadline = scenario_.deadline || scenario_.deadline_at;
    for (std::size_t i = 0; i < scenario_.mixes.size(); ++i) {
      const PolicySettings& policy = scenario_.mixes[i].policy;
      const std::string path = item_path("mixes", i);
      check_policy_name(policy, path);
      const bool watches = policy_entry(policy).watches_deadline || policy.guarantee_deadline.value_or(false);
      if (!deadline && watches) {
        add("deadline_h",
            fmt::format("found nothing, expected a number of hours: the policy of mix {} watches a deadline",
                        in_quotes(scenario_.mixes[i].name)));
      }
      check_slice(policy, path);
    }
  }

  void check_policy_name(const PolicySettings& policy, const std::string& mix_path) {
    if (sim::find_policy(policy.name) != nullptr) return;
    std::vector<std::string> names;
    for (const sim::PolicyEntry& entry : sim::policies()) {
      names.emplace_back(entry.name);
      if (!entry.alias.empty()) names.emplace_back(entry.alias);
    }
    add(key_path(mix_path, policy.as_text ? "policy" : "policy.name"),
        fmt::format("found {}, expected {}{}", in_quotes(policy.name), one_of(names),
                    did_you_mean(policy.name, names)));
  }

  /// Both have defaults, and either may be the one that is given.
  void check_slice(const PolicySettings& settings, const std::string& mix_path) {
    const sim::PolicySpec policy = policy_of(settings);
    const bool slices = settings.pair_slice || policy_entry(settings).cuts_slices;
    if (!slices || policy.pair_slice >= policy.decision_interval) return;
    add(key_path(mix_path, settings.pair_slice ? "policy.pair_slice_h" : "policy.decision_interval_s"),
        fmt::format(
            "found a slice of {:g} s, shorter than the decision interval of {:g} s, expected a longer "
            "one",
            to_seconds(policy.pair_slice), to_seconds(policy.decision_interval)));
  }

  void check_thresholds() {
    std::vector<std::string> names;
    for (const MixSpec& mix : scenario_.mixes) names.push_back(mix.name);
    for (const Threshold& threshold : scenario_.thresholds) {
      if (threshold.mix && std::find(names.begin(), names.end(), *threshold.mix) == names.end()) {
        add(threshold.path,
            fmt::format("found {}, expected the name of a mix before the last slash: {}{}",
                        in_quotes(*threshold.mix), one_of(names), did_you_mean(*threshold.mix, names)));
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

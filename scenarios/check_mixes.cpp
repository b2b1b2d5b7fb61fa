#include "scenarios/check_mixes.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "scenarios/experiment/mix.h"
#include "sim/fleet/policy.h"

namespace spotmix::scenarios {
namespace {

class MixChecker {
 public:
  MixChecker(const Scenario& scenario, Problems& problems) : scenario_(scenario), problems_(problems) {}

  void check() {
    check_groups();
    check_policies();
    check_gangs();
    check_checkpoints();
  }

 private:
  void add(const std::string& path, std::string message) {
    problems_.push_back({scenario_.file.string(), path, std::move(message)});
  }

  void check_groups() {
    for (const MixSpec& mix : scenario_.mixes) {
      for (std::size_t j = 0; j < mix.groups.size(); ++j) {
        const std::string path = item_path(key_path(mix.path, "groups"), j);
        check_group(mix.groups[j], path);
        check_purchase(mix, mix.groups[j], path);
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
          fmt::format("found a maximum price for {}, expected one only for spot", name_of(group.purchase)));
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

  void check_policies() {
    const bool deadline = scenario_.deadline || scenario_.deadline_at;
    for (const MixSpec& mix : scenario_.mixes) {
      const PolicySettings& policy = mix.policy;
      const std::string& path = mix.path;
      check_policy_name(policy, path);
      const bool watches = policy_entry(policy).watches_deadline || policy.guarantee_deadline.value_or(false);
      if (!deadline && watches) {
        add("deadline_h",
            fmt::format("found nothing, expected a number of hours: the policy of mix {} watches a deadline",
                        in_quotes(mix.name)));
      }
      check_slice(policy, path);
      check_policy_settings(policy, path);
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

  void check_policy_settings(const PolicySettings& settings, const std::string& mix_path) {
    if (sim::find_policy(settings.name) == nullptr) return;  // which one it is comes first
    const sim::PolicyEntry& entry = policy_entry(settings);
    const auto only_with = [&](const char* key, bool given, bool sim::PolicyEntry::*used) {
      if (!given || entry.*used) return;
      std::vector<std::string> names;
      for (const sim::PolicyEntry& other : sim::policies()) {
        if (other.*used) names.emplace_back(other.name);
      }
      add(key_path(mix_path, key),
          fmt::format("found a time, expected one only with {} as the policy, not {}", one_of(names),
                      in_quotes(settings.name)));
    };
    only_with("policy.fallback_wait_s", settings.fallback_wait.has_value(), &sim::PolicyEntry::falls_back);
    only_with("policy.pair_slice_h", settings.pair_slice.has_value(), &sim::PolicyEntry::cuts_slices);
  }

  /// Both have defaults, and either may be the one that is given.
  void check_slice(const PolicySettings& settings, const std::string& mix_path) {
    const sim::PolicySpec policy = policy_of(settings);
    if (!policy_entry(settings).cuts_slices || policy.pair_slice >= policy.decision_interval) return;
    add(key_path(mix_path, settings.pair_slice ? "policy.pair_slice_h" : "policy.decision_interval_s"),
        fmt::format(
            "found a slice of {:g} s, shorter than the decision interval of {:g} s, expected a longer "
            "one",
            to_seconds(policy.pair_slice), to_seconds(policy.decision_interval)));
  }

  void check_gangs() {
    for (const MixSpec& mix : scenario_.mixes) {
      const std::string path = key_path(mix.path, "gang");
      const bool pipelines =
          mix.gang.kind == sim::GangKind::redundant_pipelines || mix.gang.kind == sim::GangKind::templates;
      check_gang_settings(mix.gang, path);
      if (pipelines && !mix.gang.stages)
        add(key_path(path, "stages"), "found nothing, expected the instances of one pipeline");
      if (mix.launch.leave_zone_after && !mix.launch.single_zone) {
        add(key_path(mix.path, "launch.leave_zone_after_min"),
            "found a time without \"single_zone\": true, expected one only with it");
      }
    }
  }

  /// What a kind of gang does not look at must not be given.
  void check_gang_settings(const GangSettings& gang, const std::string& path) {
    using Kind = sim::GangKind;
    const auto only_with = [&](const char* key, bool given, std::initializer_list<Kind> kinds,
                               const char* expected) {
      if (!given || std::find(kinds.begin(), kinds.end(), gang.kind) != kinds.end()) return;
      add(key_path(path, key), fmt::format("found a value, expected one only with {}", expected));
    };
    const auto elastic = {Kind::elastic};
    const auto redundant = {Kind::redundant_pipelines};
    const auto shrinks = {Kind::elastic, Kind::redundant_pipelines, Kind::templates};
    constexpr const char* kElastic = "\"kind\": \"elastic\"";
    constexpr const char* kRedundant = "\"kind\": \"redundant_pipelines\"";
    constexpr const char* kShrinks = "a \"kind\" that trains with fewer instances, not \"rigid\"";
    only_with("min", gang.min.has_value(), elastic, kElastic);
    only_with("multiple_of", gang.multiple_of.has_value(), elastic, kElastic);
    only_with("survivors_hold_state", gang.survivors_hold_state.has_value(), elastic, kElastic);
    only_with("max_pipelines", gang.max_pipelines.has_value(), redundant, kRedundant);
    only_with("doubled_slowdown", gang.doubled_slowdown.has_value(), redundant, kRedundant);
    only_with("global_rendezvous_s", gang.global_rendezvous.has_value(), redundant, kRedundant);
    only_with("reconfigure_s", gang.reconfigure.has_value(), shrinks, kShrinks);
    only_with("speed", !gang.speed.empty(), shrinks, kShrinks);
    only_with("batch", gang.batch_is_scaled, shrinks, kShrinks);
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
      if (c.keep && !c.store)
        add(key_path(path, "keep"), "found a number, expected one only with \"store\", whose price it sets");
      if (c.part_bytes && c.store != CheckpointStore::s3)
        add(key_path(path, "part_mib"), "found a size, expected one only with \"store\": \"s3\"");
      if (c.mean_between && !c.rule)
        add(key_path(path, "mean_between_interruptions_h"),
            "found a time, expected one only with an interval of \"young\" or \"daly\"");
    }
  }

  const Scenario& scenario_;
  Problems& problems_;
};

}  // namespace

void check_mixes(const Scenario& scenario, Problems& problems) {
  MixChecker(scenario, problems).check();
}

}  // namespace spotmix::scenarios

#include "scenarios/experiment/interruptions.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace spotmix::scenarios {
namespace {

/// Mixes that never hold a spot instance have nothing to range over.
bool uses_advisor(const MixSpec& mix, const HazardSpec& hazard) {
  if (mix.policy.kind == sim::PolicyKind::on_demand) return false;
  return std::any_of(mix.groups.begin(), mix.groups.end(), [&](const GroupSpec& group) {
    return group.purchase == sim::Purchase::spot &&
           std::any_of(group.instances.begin(), group.instances.end(), [&](const WeightedInstance& type) {
             return advisor_band(hazard, type.name).has_value();
           });
  });
}

/// "7.5 %/month", or "5/10 %/month" where types of several bands train together.
std::string frequencies(const MixSpec& mix, const HazardSpec& hazard, AdvisorPoint point) {
  std::set<double> percents;
  for (const GroupSpec& group : mix.groups) {
    for (const WeightedInstance& type : group.instances) {
      if (const auto band = advisor_band(hazard, type.name))
        percents.insert(monthly_percent(*band, point, hazard.advisor_highest_percent.value_or(100)));
    }
  }
  return fmt::format("{:g} %/month", fmt::join(percents, "/"));
}

}  // namespace

double monthly_percent(AdvisorBand band, AdvisorPoint point, double highest_percent) {
  const double low = 5.0 * static_cast<double>(band);
  const double high = band == AdvisorBand::above_20 ? highest_percent : low + 5;
  switch (point) {
    case AdvisorPoint::low:
      return low;
    case AdvisorPoint::middle:
      return (low + high) / 2;
    case AdvisorPoint::high:
      return high;
  }
  return high;
}

std::optional<AdvisorBand> advisor_band(const HazardSpec& hazard, const std::string& instance) {
  for (const std::string& key : {instance, std::string()}) {
    if (const auto found = hazard.advisor.find(key); found != hazard.advisor.end()) return found->second;
  }
  return std::nullopt;
}

std::shared_ptr<const sim::LifetimeModel> lifetime_of(const HazardSpec& hazard, const std::string& instance,
                                                      AdvisorPoint point) {
  if (hazard.per_hour) return *hazard.per_hour > 0 ? sim::exponential_lifetime(*hazard.per_hour) : nullptr;
  if (hazard.weibull) return sim::weibull_lifetime(hazard.weibull->shape, hazard.weibull->scale_h);
  if (hazard.bathtub) return sim::bathtub_lifetime(*hazard.bathtub);
  const auto band = advisor_band(hazard, instance);
  if (!band) return nullptr;
  const double percent = monthly_percent(*band, point, hazard.advisor_highest_percent.value_or(20));
  return percent > 0 ? sim::exponential_lifetime(sim::hazard_of_monthly_frequency(percent / 100)) : nullptr;
}

Scenario with_advisor_ranges(Scenario scenario) {
  const HazardSpec& hazard = scenario.market.hazard;
  if (hazard.advisor.empty()) return scenario;
  std::vector<MixSpec> mixes;
  std::map<std::string, std::vector<std::string>> names;
  for (const MixSpec& mix : scenario.mixes) {
    if (!uses_advisor(mix, hazard)) {
      names[mix.name] = {mix.name};
      mixes.push_back(mix);
      continue;
    }
    for (const AdvisorPoint point : {AdvisorPoint::low, AdvisorPoint::middle, AdvisorPoint::high}) {
      mixes.push_back(mix);
      mixes.back().advisor_point = point;
      mixes.back().name = fmt::format("{} ({})", mix.name, frequencies(mix, hazard, point));
      names[mix.name].push_back(mixes.back().name);
    }
  }
  std::vector<Threshold> thresholds;
  for (const Threshold& threshold : scenario.thresholds) {
    if (!threshold.mix) {
      thresholds.push_back(threshold);
      continue;
    }
    for (const std::string& name : names[*threshold.mix]) {
      thresholds.push_back(threshold);
      thresholds.back().mix = name;
    }
  }
  scenario.mixes = std::move(mixes);
  scenario.thresholds = std::move(thresholds);
  return scenario;
}

std::string quota_class(const std::string& instance) {
  const std::string letters = instance.substr(0, instance.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
  if (letters == "g" || letters == "gr" || letters == "vt") return "g";
  const bool standard = !letters.empty() && std::string("acdhimrtz").find(letters[0]) != std::string::npos &&
                        letters != "dl" && letters != "hpc" && letters != "inf" && letters != "trn";
  return standard ? "standard" : letters;
}

}  // namespace spotmix::scenarios

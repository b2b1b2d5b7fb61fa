#include "scenarios/experiment/interruptions.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "scenarios/experiment/mix.h"
#include "scenarios/provider/provider.h"
#include "scenarios/trace.h"

namespace spotmix::scenarios {
namespace {

/// The regions in which the market sells each instance type as spot.
using Offers = std::map<std::string, std::set<std::string>>;

/// Traces are read only where a group leaves its zones to the market; a broken one is reported when the
/// market is built.
Offers offers_of(const Scenario& scenario) {
  Offers offers;
  const auto open = [](const MixSpec& mix) {
    return std::any_of(mix.groups.begin(), mix.groups.end(),
                       [](const GroupSpec& group) { return group.zones.empty(); });
  };
  if (std::none_of(scenario.mixes.begin(), scenario.mixes.end(), open)) return offers;
  for (const InlinePool& pool : scenario.market.pools)
    offers[pool.instance].insert(region_of_zone(pool.zone));
  for (const std::string& name : scenario.market.prices) {
    const Result<Trace> trace = read_trace(scenario.file.parent_path() / name);
    if (!trace) continue;
    for (const TracePool& pool : trace.value->pools) offers[pool.instance].insert(region_of_zone(pool.zone));
  }
  return offers;
}

/// Where a group may run a type: the regions of its zones, else of the market's pools of the type, else the
/// market's own.
std::set<std::string> regions_of(const Scenario& scenario, const Offers& offers, const GroupSpec& group,
                                 const std::string& instance) {
  std::set<std::string> regions;
  for (const std::string& zone : group.zones) regions.insert(region_of_zone(zone));
  if (!regions.empty()) return regions;
  const auto offered = offers.find(instance);
  return offered == offers.end() ? std::set{scenario.market.region} : offered->second;
}

/// The bands that a mix's spot instances may be in; mixes that never hold one have none.
std::set<AdvisorBand> bands_of(const Scenario& scenario, const Offers& offers, const MixSpec& mix) {
  std::set<AdvisorBand> bands;
  if (!policy_entry(mix.policy).buys_spot) return bands;
  for (const GroupSpec& group : mix.groups) {
    if (group.purchase != sim::Purchase::spot) continue;
    for (const WeightedInstance& type : group.instances) {
      for (const std::string& region : regions_of(scenario, offers, group, type.name)) {
        if (const auto band = advisor_band(scenario.market.hazard, type.name, region)) bands.insert(*band);
      }
    }
  }
  return bands;
}

bool says_something(const MarketSpec& market) {
  const HazardSpec& hazard = market.hazard;
  return hazard.per_hour || hazard.weibull || hazard.bathtub || hazard.has_advisor() ||
         market.zone_reclaims.mean_between.count() > 0;
}

/// Whether a trace may take a spot instance of the group away: by capacity, or by a price above its maximum.
bool traced_risk(const sim::Market& market, const sim::Group& group) {
  const bool has_limit = group.max_price || market.regime == sim::Regime::aws_auction;
  return std::any_of(group.pools.begin(), group.pools.end(), [&](std::uint32_t index) {
    const sim::Pool& pool = market.pools[index];
    return pool.capacity.at.size() > 1 || !pool.ends_of_launches.empty() ||
           (has_limit && pool.spot_price.at.size() > 1);
  });
}

/// "7.5 %/month", or "5/10 %/month" where types of several bands train together.
std::string frequencies(const std::set<AdvisorBand>& bands, const HazardSpec& hazard, AdvisorPoint point) {
  std::set<double> percents;
  for (const AdvisorBand band : bands)
    percents.insert(monthly_percent(band, point, hazard.advisor_highest_percent.value_or(100)));
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

Problems read_advisor(Scenario& scenario, const Provider& provider) {
  HazardSpec& hazard = scenario.market.hazard;
  if (!hazard.advisor_data) return {};
  const std::string path = "market.interruptions.hazard.spot_advisor_data";
  SpotAdvisor advisor;
  if (*hazard.advisor_data == "published") {
    advisor = provider.spot_advisor;
  } else {
    const std::filesystem::path named(*hazard.advisor_data);
    const std::filesystem::path file = named.is_absolute() ? named : scenario.file.parent_path() / named;
    Result<SpotAdvisor> read = read_spot_advisor(file);
    Problems problems;
    for (const Problem& inner : read.problems) {
      problems.push_back({scenario.file.string(), path,
                          fmt::format("{}: {}{}", inner.file, inner.where.empty() ? "" : inner.where + ": ",
                                      inner.message)});
    }
    if (!read) return problems;
    advisor = std::move(*read.value);
  }
  for (auto& [region, systems] : advisor.regions) {
    const auto bands = systems.find(hazard.advisor_system);
    if (bands != systems.end()) hazard.advisor_regions[region] = std::move(bands->second);
  }
  return {};
}

std::optional<AdvisorBand> advisor_band(const HazardSpec& hazard, const std::string& instance,
                                        const std::string& region) {
  for (const std::string& key : {instance, std::string()}) {
    if (const auto found = hazard.advisor.find(key); found != hazard.advisor.end()) return found->second;
  }
  const auto bands = hazard.advisor_regions.find(region);
  if (bands == hazard.advisor_regions.end()) return std::nullopt;
  const auto found = bands->second.find(instance);
  return found == bands->second.end() ? std::nullopt : std::optional(found->second);
}

std::shared_ptr<const sim::LifetimeModel> lifetime_of(const HazardSpec& hazard, const std::string& instance,
                                                      const std::string& region, AdvisorPoint point) {
  if (hazard.per_hour) return *hazard.per_hour > 0 ? sim::exponential_lifetime(*hazard.per_hour) : nullptr;
  if (hazard.weibull) return sim::weibull_lifetime(hazard.weibull->shape, hazard.weibull->scale_h);
  if (hazard.bathtub) return sim::bathtub_lifetime(*hazard.bathtub);
  const auto band = advisor_band(hazard, instance, region);
  if (!band) return nullptr;
  const double percent = monthly_percent(*band, point, hazard.advisor_highest_percent.value_or(20));
  return percent > 0 ? sim::exponential_lifetime(sim::hazard_of_monthly_frequency(percent / 100)) : nullptr;
}

bool nothing_interrupts(const Scenario& scenario, const MixSpec& spec, const sim::Mix& mix,
                        const sim::Market& market) {
  if (says_something(scenario.market) || mix.infeasible_reason || !policy_entry(spec.policy).buys_spot)
    return false;
  return std::any_of(mix.groups.begin(), mix.groups.end(), [&](const sim::Group& group) {
    return group.purchase == sim::Purchase::spot && !traced_risk(market, group);
  });
}

Finding no_interruption_risk() {
  return {WarningCode::no_interruption_risk,
          "nothing takes its spot instances away: prices alone say nothing of interruptions (give "
          "market.capacity a trace, or market.interruptions.hazard a rate)"};
}

Scenario with_advisor_ranges(Scenario scenario) {
  const HazardSpec& hazard = scenario.market.hazard;
  if (!hazard.has_advisor()) return scenario;
  std::vector<MixSpec> mixes;
  std::map<std::string, std::vector<std::string>> names;
  const Offers offers = offers_of(scenario);
  for (const MixSpec& mix : scenario.mixes) {
    const std::set<AdvisorBand> bands = bands_of(scenario, offers, mix);
    if (bands.empty()) {
      names[mix.name] = {mix.name};
      mixes.push_back(mix);
      continue;
    }
    for (const AdvisorPoint point : {AdvisorPoint::low, AdvisorPoint::middle, AdvisorPoint::high}) {
      mixes.push_back(mix);
      mixes.back().advisor_point = point;
      mixes.back().advisor_range_of = mix.name;
      mixes.back().name = fmt::format("{} ({})", mix.name, frequencies(bands, hazard, point));
      names[mix.name].push_back(mixes.back().name);
    }
  }
  std::vector<Threshold> thresholds;
  for (Threshold& threshold : scenario.thresholds) {
    std::vector<std::string> except;
    for (const std::string& mix : threshold.except)
      except.insert(except.end(), names[mix].begin(), names[mix].end());
    threshold.except = std::move(except);
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

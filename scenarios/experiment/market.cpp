#include "scenarios/experiment/market.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "scenarios/experiment/interruptions.h"
#include "scenarios/provider/provider.h"
#include "scenarios/warning.h"
#include "sim/market/bootstrap.h"

namespace spotmix::scenarios {
namespace {

models::Source given_by_scenario(std::string figure, std::string key) {
  return {std::move(figure), models::SourceKind::given, std::move(key), "the scenario", {}};
}

/// The region whose prices the catalogue has day by day.
constexpr const char* kRegionWithHistory = "us-east-1";

/// The price that holds on `day`; before the first that is known, that one.
const DatedPrice& price_on(const std::vector<DatedPrice>& prices, Time day) {
  const auto after = std::find_if(prices.begin() + 1, prices.end(),
                                  [day](const DatedPrice& price) { return price.from > day; });
  return *(after - 1);
}

models::Source from_catalogue(const InstanceType& type, const std::string& region, Time day) {
  const DatedPrice& price = price_on(type.on_demand.at(region), day);
  return {"on-demand price",
          models::SourceKind::published,
          fmt::format("the catalogue: {} in {} since {}", type.name, region, format_date(price.from)),
          price.source,
          {}};
}

CataloguePrice dated_price(const InstanceType& type, const std::string& region, Time day) {
  const DatedPrice& price = price_on(type.on_demand.at(region), day);
  CataloguePrice used{day, std::clamp(day, price.from, price.until), price.price, std::nullopt};
  const auto history = type.on_demand.find(kRegionWithHistory);
  if (region == kRegionWithHistory || history == type.on_demand.end()) return used;
  const std::vector<DatedPrice>& known = history->second;
  if (known.front().from > std::min(used.seen, day)) return used;
  used.change =
      to_usd_per_hour(price_on(known, day).price) / to_usd_per_hour(price_on(known, used.seen).price);
  return used;
}

Time first_of(const sim::StartRule& start) {
  return start.sampled ? start.earliest : start.fixed;
}
Time last_of(const sim::StartRule& start) {
  return start.sampled ? start.latest : start.fixed;
}

}  // namespace

MarketBuilder::MarketBuilder(const Scenario& scenario, const Provider& provider, Problems& problems,
                             Problems& warnings)
    : scenario_(scenario), provider_(provider), problems_(problems), warnings_(warnings) {
  const MarketSpec& spec = scenario.market;
  market_.regime = spec.regime;
  market_.capacity_when_available = spec.capacity_when_available;
  if (spec.notice) market_.notice = *spec.notice;
  if (spec.price_tolerance) market_.price_tolerance = *spec.price_tolerance;
  market_.rebalance_lead = spec.rebalance_lead.value_or(market_.rebalance_lead);
  market_.zone_reclaims = spec.zone_reclaims;
  market_.bootstrap = spec.bootstrap;
  read_traces();
  take_inline_pools();
}

void MarketBuilder::problem(const std::string& path, std::string message) {
  problems_.push_back({scenario_.file.string(), path, std::move(message)});
}

const Trace* MarketBuilder::trace_of(const std::string& name, const std::string& path) {
  const std::filesystem::path named(name);
  const std::string file = (named.is_absolute() ? named : scenario_.file.parent_path() / named).string();
  if (const auto known = traces_.find(file); known != traces_.end()) return &known->second;
  if (broken_files_.contains(file)) return nullptr;
  Result<Trace> read = read_trace(file);
  if (!read) {
    broken_files_.insert(file);
    for (const Problem& inner : read.problems) {
      problem(path, fmt::format("{}: {}{}", inner.file, inner.where.empty() ? "" : inner.where + ": ",
                                inner.message));
    }
    return nullptr;
  }
  return &traces_.emplace(file, std::move(*read.value)).first->second;
}

void MarketBuilder::read_traces() {
  const auto each = [&](const char* key, const std::vector<std::string>& files, auto take) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string path =
          fmt::format("market.{}{}", key, files.size() > 1 ? fmt::format("[{}]", i) : "");
      const Trace* trace = trace_of(files[i], path);
      if (trace == nullptr) continue;
      for (const TracePool& pool : trace->pools) take(path, pool, FromTrace{files[i], *trace});
    }
  };
  each("prices", scenario_.market.prices,
       [this](const std::string& path, const TracePool& pool, const FromTrace& from) {
         take_prices(path, pool, from);
       });
  each("capacity", scenario_.market.capacity,
       [this](const std::string& path, const TracePool& pool, const FromTrace& from) {
         take_capacity(path, pool, from);
       });
}

models::Source MarketBuilder::FromTrace::source(std::string figure) const {
  std::string citation = trace.source;
  if (!trace.licence.empty()) citation += " (" + trace.licence + ")";
  return {std::move(figure), models::SourceKind::published, file, std::move(citation), {}};
}

void MarketBuilder::take_prices(const std::string& path, const TracePool& pool, const FromTrace& from) {
  if (!pool.prices) return;
  if (scenario_.market.product && !pool.product.empty() && pool.product != *scenario_.market.product) return;
  std::set<std::string>& products = products_[{pool.instance, pool.zone}];
  Sources& known = known_[{pool.instance, pool.zone}];
  if (!known.spot.empty() && !products.contains(pool.product)) {
    problem(path,
            fmt::format("found prices of {} in {} for the products {} and {} mixed, expected one: name it "
                        "under market.product",
                        pool.instance, pool.zone, in_quotes(*products.begin()), in_quotes(pool.product)));
    return;
  }
  if (!known.spot.empty()) {
    problem(path, fmt::format("found prices of {} in {} a second time, expected them once", pool.instance,
                              pool.zone));
    return;
  }
  products.insert(pool.product);
  known.spot = *pool.prices;
  known.dated = known.dated && from.trace.dated;
  known.from.spot_price = from.source("spot price");
  take_on_demand(known, pool, from);
}

void MarketBuilder::take_capacity(const std::string& path, const TracePool& pool, const FromTrace& from) {
  if (!pool.capacity) return;
  Sources& known = known_[{pool.instance, pool.zone}];
  if (!known.capacity.empty()) {
    problem(path, fmt::format("found the capacity of {} in {} a second time, expected it once", pool.instance,
                              pool.zone));
    return;
  }
  known.capacity = pool.capacity->series;
  known.capacity_is_binary = pool.capacity->binary;
  known.dated = known.dated && from.trace.dated;
  known.from.capacity = from.source("spot capacity");
  take_on_demand(known, pool, from);
}

void MarketBuilder::take_on_demand(Sources& known, const TracePool& pool, const FromTrace& from) {
  if (!pool.on_demand) return;
  known.on_demand = pool.on_demand;
  known.from.on_demand_price = from.source("on-demand price");
}

void MarketBuilder::take_inline_pools() {
  for (std::size_t i = 0; i < scenario_.market.pools.size(); ++i) {
    const InlinePool& pool = scenario_.market.pools[i];
    const std::string path = item_path("market.pools", i);
    Sources& known = known_[{pool.instance, pool.zone}];
    if (pool.spot && !known.spot.empty()) {
      problem(path, fmt::format("found prices of {} in {} a second time, expected them once", pool.instance,
                                pool.zone));
    } else if (pool.spot) {
      known.spot = constant_series(*pool.spot);
      known.from.spot_price = given_by_scenario("spot price", path + ".spot_usd_per_h");
    }
    if (pool.capacity && !known.capacity.empty()) {
      problem(path, fmt::format("found the capacity of {} in {} a second time, expected it once",
                                pool.instance, pool.zone));
    } else if (pool.capacity) {
      known.capacity = constant_series(*pool.capacity);
      known.capacity_is_binary = false;
      known.from.capacity = given_by_scenario("spot capacity", path + ".capacity");
    }
    if (pool.on_demand) {
      known.on_demand = pool.on_demand;
      known.from.on_demand_price = given_by_scenario("on-demand price", path + ".on_demand_usd_per_h");
    }
  }
}

std::set<std::string> MarketBuilder::known_regions() const {
  std::set<std::string> regions;
  for (const InstanceType& type : provider_.instances) {
    for (const auto& [name, prices] : type.on_demand) regions.insert(name);
  }
  for (const auto& [key, sources] : known_) regions.insert(region_of_zone(key.second));
  return regions;
}

void MarketBuilder::check_region() {
  const std::string& region = scenario_.market.region;
  if (!scenario_.market.names_region || !broken_files_.empty()) return;
  const std::set<std::string> regions = known_regions();
  if (!regions.contains(region)) {
    const std::vector<std::string> names(regions.begin(), regions.end());
    problem("market.region",
            fmt::format("found {}, expected a region of the catalogue or of the market's zones: {}{}",
                        in_quotes(region), list_of(names), did_you_mean(region, names)));
    return;
  }
  const bool used = std::any_of(market_.pools.begin(), market_.pools.end(),
                                [&](const sim::Pool& pool) { return region_of_zone(pool.zone) == region; });
  if (used || market_.pools.empty()) return;
  std::set<std::string> bought;
  for (const sim::Pool& pool : market_.pools) bought.insert(region_of_zone(pool.zone));
  warnings_.push_back(
      warning_of(WarningCode::region_unused, scenario_.file.string(), "market.region",
                 fmt::format("nothing is bought in {}: the zones that the mixes use are in {}", region,
                             list_of({bought.begin(), bought.end()}))));
}

bool MarketBuilder::knows_instance(const std::string& instance) const {
  return provider_.find(instance) != nullptr ||
         std::any_of(known_.begin(), known_.end(),
                     [&](const auto& item) { return item.first.first == instance; });
}

std::vector<std::string> MarketBuilder::zones_of(const std::string& instance, bool with_spot) const {
  std::vector<std::string> zones;
  for (const auto& [key, sources] : known_) {
    if (key.first == instance && (!with_spot || !sources.spot.empty())) zones.push_back(key.second);
  }
  return zones;
}

void MarketBuilder::warn_of_unknown_zone(const std::string& instance, const std::string& zone,
                                         const std::string& path) {
  std::vector<std::string> beside = zones_of(instance, false);
  std::erase_if(beside,
                [&](const std::string& other) { return region_of_zone(other) != region_of_zone(zone); });
  if (zone == region_of_zone(zone) || beside.empty()) return;
  warnings_.push_back(warning_of(
      WarningCode::zone_unknown, scenario_.file.string(), path,
      fmt::format("the files under market know {} in {}, not in {}, which takes its region's price{}",
                  instance, list_of(beside), in_quotes(zone), did_you_mean(zone, beside))));
}

bool MarketBuilder::zone_is_sold(const std::string& instance, sim::Purchase purchase, const std::string& zone,
                                 const std::string& path) {
  const bool spot = purchase == sim::Purchase::spot;
  const auto known = known_.find({instance, zone});
  if (purchase == sim::Purchase::reserved) {  // its price is given with the reservation
    const std::set<std::string> regions = known_regions();
    const std::vector<std::string> names(regions.begin(), regions.end());
    const std::string region = region_of_zone(zone);
    if (regions.contains(region)) return true;
    problem(path, fmt::format("found {}, expected a zone of a region that is known{}", in_quotes(zone),
                              did_you_mean(region, names)));
    return false;
  }
  if (!spot) {
    const InstanceType* type = provider_.find(instance);
    const bool sold = known != known_.end() || scenario_.market.on_demand.contains(instance) ||
                      (type != nullptr && type->on_demand.contains(region_of_zone(zone)));
    if (sold) {
      if (known == known_.end()) warn_of_unknown_zone(instance, zone, path);
      return true;
    }
    std::vector<std::string> places = zones_of(instance, false);
    if (type != nullptr)
      for (const auto& [region, prices] : type->on_demand) places.push_back(region);
    problem(path, fmt::format("found {}, expected a zone in which a price of {} is known ({}), or a price "
                              "under market.on_demand_usd_per_h{}",
                              in_quotes(zone), instance, places.empty() ? "there is none" : list_of(places),
                              did_you_mean(zone, places)));
    return false;
  }
  const bool no_prices = known == known_.end() || known->second.spot.empty();
  if (no_prices && !broken_files_.empty()) return false;  // the broken file is the problem
  const std::vector<std::string> zones = zones_of(instance, true);
  if (no_prices) {
    problem(path, zones.empty()
                      ? fmt::format("found {}, expected a zone with spot prices of {}: there are none; give "
                                    "them under market.prices or market.pools",
                                    in_quotes(zone), instance)
                      : fmt::format("found {}, expected a zone with spot prices of {}: {}{}", in_quotes(zone),
                                    instance, one_of(zones), did_you_mean(zone, zones)));
    return false;
  }
  if (!scenario_.market.capacity.empty() && known->second.capacity.empty() && broken_files_.empty()) {
    problem(path, fmt::format("found {}, expected a zone with a capacity of {}: the files under "
                              "market.capacity have none for it",
                              in_quotes(zone), instance));
    return false;
  }
  return true;
}

std::uint32_t MarketBuilder::pool_index(const std::string& instance, const std::string& zone,
                                        const PoolUse& use) {
  const auto [found, inserted] =
      indices_.try_emplace({PoolKey{instance, zone}, use}, static_cast<std::uint32_t>(market_.pools.size()));
  if (!inserted) return found->second;
  sim::Pool pool;
  pool.instance_type = instance;
  pool.zone = zone;
  pool.region = region_number(region_of_zone(zone));
  const MarketSpec& spec = scenario_.market;
  pool.lifetime = lifetime_of(spec.hazard, instance, region_of_zone(zone), use.advisor);
  pool.reserved_price = use.reserved;
  if (use.reserved_discount > 0) reserved_discounts_[found->second] = use.reserved_discount;
  if (const auto fee = spec.service_fee.find(instance); fee != spec.service_fee.end())
    pool.service_fee = fee->second;
  set_quota(pool);
  market_.pools.push_back(std::move(pool));
  return found->second;
}

std::uint32_t MarketBuilder::region_number(const std::string& region) {
  const auto known = std::find(regions_.begin(), regions_.end(), region);
  if (known != regions_.end()) return static_cast<std::uint32_t>(known - regions_.begin());
  if (regions_.size() == sim::kMostRegions) {
    if (warned_.insert("regions").second)
      problem("market", fmt::format("found zones in more than {} regions, expected at most so many",
                                    sim::kMostRegions));
    return 0;
  }
  regions_.push_back(region);
  return static_cast<std::uint32_t>(regions_.size() - 1);
}

void MarketBuilder::sell_as_spot(std::uint32_t index) {
  if (!spot_pools_.insert(index).second) return;
  sim::Pool& pool = market_.pools[index];
  const auto known = known_.find({pool.instance_type, pool.zone});
  if (known == known_.end()) return;
  pool.spot_price = known->second.spot;
  pool.capacity = known->second.capacity;
  pool.capacity_is_binary = known->second.capacity_is_binary;
  const sim::TraceWindow window = sim::window_of(pool);
  if (window.begin >= window.end)
    problem(
        "market.capacity",
        fmt::format("found no time at which both the prices and the capacity of {} in {} are known, expected "
                    "traces that overlap",
                    pool.instance_type, pool.zone));
}

/// Under the Spot Advisor every spot instance needs a band: an unknown hazard is not none.
void MarketBuilder::check_band(const std::string& instance, const std::string& zone) {
  const HazardSpec& hazard = scenario_.market.hazard;
  const std::string region = region_of_zone(zone);
  if (!hazard.has_advisor() || !warned_.insert("band of " + instance + " " + region).second) return;
  const std::string path = "market.interruptions.hazard";
  const auto band = advisor_band(hazard, instance, region);
  if (band == AdvisorBand::above_20 && !hazard.advisor_highest_percent && hazard.advisor_data) {
    problem(
        key_path(path, "spot_advisor_highest_percent"),
        fmt::format("found nothing, expected a percentage: {} in {} is in the band \">20%\", which has no "
                    "published upper end",
                    instance, region));
  }
  if (band) return;
  if (!hazard.advisor_data) {
    warnings_.push_back(
        warning_of(WarningCode::band_unknown, scenario_.file.string(), key_path(path, "spot_advisor"),
                   fmt::format("{} has no band: nothing but traces interrupts it", instance)));
    return;
  }
  std::vector<std::string> regions;
  for (const auto& [name, unused] : hazard.advisor_regions) regions.push_back(name);
  const auto bands = hazard.advisor_regions.find(region);
  if (bands == hazard.advisor_regions.end()) {
    if (warned_.insert("bands of " + region).second)
      problem(key_path(path, "spot_advisor_data"),
              fmt::format("found no bands of {} for {}, expected some, or the type's band under "
                          "\"spot_advisor\"{}",
                          region, hazard.advisor_system, did_you_mean(region, regions)));
    return;
  }
  std::vector<std::string> instances;
  for (const auto& [name, unused] : bands->second) instances.push_back(name);
  problem(key_path(path, "spot_advisor_data"),
          fmt::format("found no band of {} in {} for {}, expected one, or the type's band under "
                      "\"spot_advisor\"{}",
                      instance, region, hazard.advisor_system, did_you_mean(instance, instances)));
}

/// A quota holds in each region of its own (docs/rules.md 15).
void MarketBuilder::set_quota(sim::Pool& pool) {
  constexpr int kUnlimited = std::numeric_limits<int>::max();
  const std::string family_class = quota_class(pool.instance_type);
  const auto& specs = scenario_.market.quotas;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].family_class != family_class) continue;
    const InstanceType* type = provider_.find(pool.instance_type);
    if (type == nullptr || type->vcpu == 0) {
      if (warned_.insert("quota of " + pool.instance_type).second)
        problem(item_path("market.quotas", i),
                fmt::format("found a quota for {}, whose vCPUs the catalogue does not know, expected none "
                            "for its class",
                            pool.instance_type));
      return;
    }
    pool.vcpus = type->vcpu;
    const auto [known, is_new] = quotas_.try_emplace({family_class, region_of_zone(pool.zone)},
                                                     static_cast<std::uint32_t>(market_.quotas.size()));
    pool.quota = known->second;
    if (!is_new) continue;
    market_.quotas.push_back({family_class, specs[i].spot_vcpus.value_or(kUnlimited),
                              specs[i].on_demand_vcpus.value_or(kUnlimited)});
  }
}

void MarketBuilder::add_surcharge() {
  if (!scenario_.market.operating_system) return;
  const HourlyPrice surcharge = scenario_.market.operating_system->surcharge;
  for (sim::Pool& pool : market_.pools) {
    pool.surcharge = surcharge;
    if (pool.reserved_price.nano_usd_per_h > 0) pool.reserved_price = pool.reserved_price + surcharge;
  }
}

GroupPools MarketBuilder::pools_of(const GroupSpec& group, const PoolUse& use, bool may_use_spot,
                                   const std::string& path) {
  GroupPools pools;
  for (const WeightedInstance& type : group.instances) add_pools(group, type, use, may_use_spot, path, pools);
  return pools;
}

void MarketBuilder::add_pools(const GroupSpec& group, const WeightedInstance& type, const PoolUse& use,
                              bool may_use_spot, const std::string& path, GroupPools& pools) {
  const bool spot = group.purchase == sim::Purchase::spot;
  std::vector<std::string> zones = group.zones;
  const bool named = !zones.empty();
  if (!named) zones = zones_of(type.name, spot);
  if (!named && !spot && zones.empty()) zones = {scenario_.market.region};
  // A reservation is one commitment: it stands in one zone.
  if (group.purchase == sim::Purchase::reserved) zones.resize(1);
  if (zones.empty()) {
    if (broken_files_.empty())
      problem(key_path(path, "zones"),
              fmt::format("found nothing, expected a zone with spot prices of {}: there are none; give them "
                          "under market.prices or market.pools",
                          type.name));
    return;
  }
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const std::string zone_path = named ? item_path(key_path(path, "zones"), i) : path;
    const auto here = zones.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(zones.begin(), here, zones[i]) != here) {
      problem(zone_path, fmt::format("found {} a second time, expected each zone once", in_quotes(zones[i])));
    } else if (zone_is_sold(type.name, group.purchase, zones[i], zone_path)) {
      pools.pools.push_back(pool_index(type.name, zones[i], use));
      pools.weights.push_back(type.weight);
      pools.types.push_back(type.name);
      if (!may_use_spot) continue;
      sell_as_spot(pools.pools.back());
      check_band(type.name, zones[i]);
    }
  }
}

Coverage MarketBuilder::coverage() const {
  Coverage coverage;
  Time last = Time::min();
  const auto narrow = [&](const auto& series) {
    if (series.empty()) return;
    coverage.begin = std::max(coverage.begin, series.begin());
    coverage.end = std::min(coverage.end, series.end);
    last = std::max(last, series.end);
  };
  for (const auto& [key, sources] : known_) {
    narrow(sources.spot);
    narrow(sources.capacity);
  }
  // Those that have ended by then go on with blocks of their last part.
  coverage.overlaps = coverage.begin < coverage.end;
  if (!coverage.overlaps) coverage.end = last;
  return coverage;
}

Time MarketBuilder::known_from() const {
  Time from = Time::min();
  for (const std::uint32_t index : spot_pools_)
    from = std::max(from, sim::window_of(market_.pools[index]).begin);
  return from;
}

PriceSeries MarketBuilder::on_demand_of(std::uint32_t index, const sim::StartRule& start) {
  const sim::Pool& pool = market_.pools[index];
  PoolSources& from = pool_sources_[index];
  const MarketSpec& spec = scenario_.market;
  if (const auto given_price = spec.on_demand.find(pool.instance_type); given_price != spec.on_demand.end()) {
    from.on_demand_price = given_by_scenario("on-demand price", "market.on_demand_usd_per_h");
    return constant_series(given_price->second);
  }
  const auto known = known_.find({pool.instance_type, pool.zone});
  if (known != known_.end() && known->second.on_demand) return constant_series(*known->second.on_demand);
  const InstanceType* type = provider_.find(pool.instance_type);
  if (type == nullptr) return {};
  const std::string region = region_of_zone(pool.zone);
  PriceSeries series = on_demand_series(*type, region);
  if (series.empty()) return series;
  const Time day = spec.on_demand_date.value_or(first_of(start));
  const Time first_known = type->on_demand.at(region).front().from;
  if (day < first_known && warned_.insert(pool.instance_type + region).second) {
    warnings_.push_back(warning_of(
        WarningCode::price_later, scenario_.file.string(), "market",
        fmt::format("the on-demand price of {} in {} is known from {} only; that day's price is used for {} "
                    "(give market.on_demand_usd_per_h to change it)",
                    pool.instance_type, region, format_date(first_known), format_date(day))));
  }
  from.on_demand_price = from_catalogue(*type, region, day);
  catalogue_prices_[index] = dated_price(*type, region, spec.on_demand_date.value_or(last_of(start)));
  return spec.on_demand_date ? constant_series(value_at(series, day)) : series;
}

void MarketBuilder::price_on_demand(const sim::StartRule& start,
                                    const std::map<std::uint32_t, std::string>& needed) {
  pool_sources_.resize(market_.pools.size());
  catalogue_prices_.resize(market_.pools.size());
  for (std::uint32_t i = 0; i < market_.pools.size(); ++i) {
    sim::Pool& pool = market_.pools[i];
    const auto asked = needed.find(i);
    if (const auto known = known_.find({pool.instance_type, pool.zone}); known != known_.end())
      pool_sources_[i] = known->second.from;
    pool.on_demand_price = on_demand_of(i, start);
    if (const auto discount = reserved_discounts_.find(i);
        discount != reserved_discounts_.end() && !pool.on_demand_price.empty()) {
      const double price = to_usd_per_hour(value_at(pool.on_demand_price, first_of(start)));
      pool.reserved_price = usd_per_hour(price * (1 - discount->second));
    }
    if (asked == needed.end() || !pool.on_demand_price.empty()) continue;
    problem(asked->second, fmt::format("found {} in {}, whose on-demand price is not known, expected one: "
                                       "give it under market.on_demand_usd_per_h",
                                       pool.instance_type, pool.zone));
  }
  add_surcharge();
}

}  // namespace spotmix::scenarios

#include "base/json/node.h"
#include "scenarios/read_parts.h"

namespace spotmix::scenarios {
namespace {

std::optional<StartSpec> read_start(const Node& node) {
  const auto text = node.string("start");
  if (!text) return std::nullopt;
  if (const auto kind = parse_enum<StartSpec::Kind>(*text)) return StartSpec{*kind, Time{}};
  const auto time = node.time("start");
  return time ? std::optional(StartSpec{StartSpec::Kind::fixed, *time}) : std::nullopt;
}

BillingSpec read_billing(const Node& node) {
  return {node.duration("granularity_s", seconds{1}),
          node.duration("minimum_s", seconds{1}),
          node.choice<sim::SpotPriceRule>("spot_price"),
          node.boolean("first_hour_free"),
          node.boolean("whole_spot_hours"),
          node.choice<sim::ReservedView>("reserved_view")};
}

InlinePool read_pool(const Node& node) {
  InlinePool pool{node.string("instance").value_or(""), node.string("zone").value_or(""),
                  node.price("spot_usd_per_h"),         node.price("on_demand_usd_per_h"),
                  node.integer<int>("capacity"),        {}};
  if (node.has("hardware")) pool.hardware = read_hardware(node.object("hardware"));
  return pool;
}

HazardSpec read_hazard(const Node& node) {
  HazardSpec hazard;
  hazard.per_hour = node.number("per_hour");
  if (node.has("weibull")) {
    const Node weibull = node.object("weibull");
    hazard.weibull = {weibull.number("shape").value_or(1), weibull.number("scale_h").value_or(1)};
  }
  if (node.has("bathtub")) {
    const Node bathtub = node.object("bathtub");
    hazard.bathtub = {
        bathtub.number("early_per_hour").value_or(0),    bathtub.number("early_h").value_or(0),
        bathtub.number("middle_per_hour").value_or(0),   bathtub.number("late_per_hour").value_or(0),
        bathtub.number("late_h_before_cap").value_or(0), bathtub.number("cap_h").value_or(24)};
  }
  if (const auto band = node.choice<AdvisorBand>("spot_advisor")) hazard.advisor[""] = *band;
  const Node by_instance = node.object("spot_advisor");
  for (const std::string& instance : by_instance.keys()) {
    const auto band = by_instance.choice<AdvisorBand>(instance);
    if (band) hazard.advisor[instance] = *band;
  }
  hazard.advisor_data = node.string("spot_advisor_data");
  hazard.advisor_system = node.string("spot_advisor_system").value_or(hazard.advisor_system);
  hazard.advisor_highest_percent = node.number("spot_advisor_highest_percent");
  return hazard;
}

void read_interruptions(const Node& node, MarketSpec& market) {
  market.notice = node.duration("notice_s", seconds{1});
  market.rebalance_lead = node.duration("rebalance_lead_s", seconds{1});
  market.price_tolerance = node.price("price_tolerance_usd_per_h");
  market.hazard = read_hazard(node.object("hazard"));
  const Node reclaims = node.object("zone_reclaims");
  market.zone_reclaims = {reclaims.duration("mean_between_h", hours{1}).value_or(Duration{0}),
                          reclaims.number("share").value_or(0)};
}

TransferSpec read_transfer(const Node& node) {
  const auto scaled = [&](const char* key, double unit) {
    const auto number = node.number(key);
    return number ? std::optional(*number * unit) : std::nullopt;
  };
  return {node.number("between_zones_usd_per_gb"), scaled("between_zones_gb_per_s", 1e9),
          node.number("between_regions_usd_per_gb"), scaled("between_regions_gb_per_s", 1e9),
          scaled("between_regions_latency_ms", 1e-3)};
}

std::map<std::string, HourlyPrice> read_prices(const Node& node) {
  std::map<std::string, HourlyPrice> prices;
  for (const std::string& instance : node.keys()) {
    if (const auto price = node.price(instance)) prices[instance] = *price;
  }
  return prices;
}

}  // namespace

HardwareSpec read_hardware(const Node& node) {
  HardwareSpec hardware;
  hardware.device = node.string("device").value_or("");
  hardware.devices = node.integer<int>("devices").value_or(1);
  hardware.link = node.choice<models::Interconnect>("link");
  hardware.network_gbit_per_s = node.number("network_gbit_per_s");
  if (const auto transport = node.string("transport")) {
    using enum models::Transport;
    hardware.transport = *transport == "tcp" ? tcp : *transport == "efa" ? efa_3 : infiniband;
  }
  hardware.vcpus = node.integer<int>("vcpus");
  hardware.memory_gib = node.number("memory_gib");
  hardware.storage_gbit_per_s = node.number("storage_gbit_per_s");
  return hardware;
}

MarketSpec read_market(const Node& node) {
  MarketSpec market;
  market.names_region = node.has("region");
  market.region = node.string("region").value_or("us-east-1");
  market.regime = node.choice<sim::Regime>("regime").value_or(sim::Regime::aws_smoothed);
  market.start = read_start(node);
  market.start_grid = node.duration("start_grid_s", seconds{1});
  market.start_window = node.duration("start_window_h", hours{1});
  market.prices = node.strings("prices");
  market.capacity = node.strings("capacity");
  market.product = node.string("product");
  market.capacity_when_available = node.integer<int>("capacity_when_available");
  read_interruptions(node.object("interruptions"), market);
  market.bootstrap.block = node.object("bootstrap").duration("block_h", hours{1}).value_or(Duration{0});
  for (const Node& quota : node.objects("quotas")) {
    market.quotas.push_back({quota.string("family_class").value_or(""), quota.integer<int>("spot_vcpus"),
                             quota.integer<int>("on_demand_vcpus")});
  }
  if (node.has("operating_system")) {
    const Node system = node.object("operating_system");
    market.operating_system = {system.price("surcharge_usd_per_h").value_or(HourlyPrice{}),
                               system.string("name") == "suse"};
  }
  market.billing = read_billing(node.object("billing"));
  const Node storage = node.object("storage");
  market.storage = {storage.number("s3_usd_per_gb_month"), storage.number("s3_usd_per_1000_puts"),
                    storage.number("s3_usd_per_1000_gets"), storage.number("ebs_usd_per_gb_month"),
                    storage.number("snapshot_usd_per_gb_month")};
  market.transfer = read_transfer(node.object("transfer"));
  market.on_demand = read_prices(node.object("on_demand_usd_per_h"));
  market.service_fee = read_prices(node.object("service_fee_usd_per_h"));
  market.on_demand_date = node.time("on_demand_date");
  market.instance_types = node.strings("instance_types");
  for (const Node& pool : node.objects("pools")) market.pools.push_back(read_pool(pool));
  return market;
}

}  // namespace spotmix::scenarios

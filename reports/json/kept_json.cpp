#include "reports/json/kept_json.h"

#include <nlohmann/json.hpp>

#include "reports/json/columns.h"
#include "reports/json/kept_records.h"
#include "reports/json/outcomes.h"
#include "reports/packed/packed.h"

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

template <class Value, class Number>
Json series_json(const Series<Value>& series, Number number_of) {
  std::vector<std::int64_t> at;
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < series.at.size(); ++i) {
    at.push_back(ticks_of(series.at[i]));
    values.push_back(number_of(series.value[i]));
  }
  return {{"count", at.size()},
          {"at_ns", packed(at)},
          {"value", packed(values)},
          {"end_ns", ticks_of(series.end)}};
}

template <class Value, class Make>
Series<Value> series_of(const Node& node, Make make) {
  const std::size_t count = node.at("count").count();
  const auto at = column_of(node.at("at_ns"), count);
  const auto values = column_of(node.at("value"), count);
  Series<Value> series;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && at[i] <= at[i - 1]) node.at("at_ns").fail("found times that do not increase");
    series.at.push_back(time_at(at[i]));
    series.value.push_back(make(values[i]));
  }
  series.end = time_at(node.at("end_ns").integer());
  return series;
}

constexpr auto kNanoOf = [](HourlyPrice price) { return price.nano_usd_per_h; };
constexpr auto kPriceOf = [](std::int64_t nano) { return HourlyPrice{nano}; };

Json market_json(const std::optional<MarketHistory>& market) {
  if (!market) return nullptr;
  Json pools = Json::array();
  for (const PoolHistory& pool : market->pools) {
    pools.push_back({{"spot_price", series_json(pool.spot_price, kNanoOf)},
                     {"on_demand_price", series_json(pool.on_demand_price, kNanoOf)},
                     {"capacity", series_json(pool.capacity, [](int count) { return std::int64_t{count}; })},
                     {"capacity_is_binary", pool.capacity_is_binary}});
  }
  return {{"begin_ns", ticks_of(market->begin)}, {"end_ns", ticks_of(market->end)}, {"pools", pools}};
}

MarketHistory market_of(const Node& node, std::size_t pools) {
  MarketHistory market;
  market.begin = time_at(node.at("begin_ns").integer());
  market.end = time_at(node.at("end_ns").integer());
  for (const Node& pool : node.at("pools").items()) {
    market.pools.push_back(
        {series_of<HourlyPrice>(pool.at("spot_price"), kPriceOf),
         series_of<HourlyPrice>(pool.at("on_demand_price"), kPriceOf),
         series_of<int>(pool.at("capacity"), [](std::int64_t count) { return static_cast<int>(count); }),
         pool.at("capacity_is_binary").flag()});
  }
  if (market.pools.size() != pools) node.at("pools").expected("as many pools as the result names");
  return market;
}

Reproduction reproduction_of(const Node& node) {
  Reproduction reproduction{node.at("command_line").text(), node.at("scenario_text").text(), {}};
  for (const Node& input : node.at("inputs").items()) {
    reproduction.inputs.push_back(
        {input.at("role").text(), input.at("name").text(), input.at("sha256").text()});
  }
  return reproduction;
}

Json ranges_json(const std::vector<AdvisorRange>& ranges) {
  Json list = Json::array();
  for (const AdvisorRange& range : ranges) {
    list.push_back({{"mix", range.mix}, {"low", range.low}, {"middle", range.middle}, {"high", range.high}});
  }
  return list;
}

AdvisorRange range_of(const Node& node, std::size_t mixes) {
  const auto mix = [&](const char* key) {
    const std::size_t number = node.at(key).count();
    if (number >= mixes) node.at(key).expected("the number of a mix");
    return number;
  };
  return {node.at("mix").text(), mix("low"), mix("middle"), mix("high")};
}

}  // namespace

Json reproduction_json(const std::optional<Reproduction>& reproduction) {
  if (!reproduction) return nullptr;
  Json inputs = Json::array();
  for (const Input& input : reproduction->inputs) {
    inputs.push_back({{"role", input.role}, {"name", input.name}, {"sha256", input.sha256}});
  }
  return {{"command_line", reproduction->command_line},
          {"scenario_text", reproduction->scenario_text},
          {"inputs", inputs}};
}

Json kept_json(const Report& report) {
  Json pools = Json::array();
  for (const PoolName& pool : report.pools)
    pools.push_back({{"instance", pool.instance_type}, {"zone", pool.zone}});
  Json outcomes = Json::array();
  for (const sim::MixResult& mix : report.batch.mixes) {
    outcomes.push_back(mix.replications.empty() ? Json(nullptr) : packed_outcomes(mix.replications));
  }
  Json replays = Json::array();
  for (const Replay& replay : report.replays) replays.push_back(replay_json(replay));
  return {{"deadline_ns", report.deadline ? Json(report.deadline->count()) : Json(nullptr)},
          {"budget_nano_usd", report.budget ? Json(report.budget->nano_usd) : Json(nullptr)},
          {"pools", pools},
          {"advisor_ranges", ranges_json(report.advisor_ranges)},
          {"outcomes", outcomes},
          {"replays", replays},
          {"market", market_json(report.market)},
          {"reproduction", reproduction_json(report.reproduction)}};
}

void read_kept(const Node& node, Report& report) {
  if (const auto deadline = node.find("deadline_ns")) report.deadline = Duration{deadline->integer()};
  if (const auto budget = node.find("budget_nano_usd")) report.budget = Money{budget->integer()};
  for (const Node& pool : node.at("pools").items()) {
    report.pools.push_back({pool.at("instance").text(), pool.at("zone").text()});
  }
  for (const Node& range : node.at("advisor_ranges").items()) {
    report.advisor_ranges.push_back(range_of(range, report.batch.mixes.size()));
  }
  const std::vector<Node> outcomes = node.at("outcomes").items();
  if (outcomes.size() != report.batch.mixes.size()) node.at("outcomes").expected("one entry for each mix");
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].is_null()) report.batch.mixes[i].replications = unpacked_outcomes(outcomes[i]);
  }
  for (const Node& replay : node.at("replays").items()) {
    report.replays.push_back(replay_of(replay, report.batch.mixes.size(), report.pools.size()));
  }
  if (const auto market = node.find("market")) report.market = market_of(*market, report.pools.size());
  if (const auto reproduction = node.find("reproduction"))
    report.reproduction = reproduction_of(*reproduction);
}

}  // namespace spotmix::reports

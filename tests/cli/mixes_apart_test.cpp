// Mixes do not touch each other: what a scenario says of one does not depend on which others it has.
#include <algorithm>
#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/random/random.h"
#include "base/text/text_values.h"
#include "tests/cli/in_process.h"

using namespace spotmix;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

const std::vector<std::string> kZones{"us-east-1a", "us-east-1b", "us-west-2a"};

/// Scenarios over traces of unequal length, in two regions, with mixes of all kinds.
class RandomScenario {
 public:
  explicit RandomScenario(std::uint64_t number) : random_(23, number, 0, Purpose::capacity_path) {}

  json trace() {
    json pools = json::array();
    for (const std::string& zone : kZones) pools.push_back(pool("p3.2xlarge", zone, 0.9));
    pools.push_back(pool("p3.8xlarge", kZones[0], 3.6));
    return {{"spotmix_trace", 1}, {"source", "made up"}, {"pools", pools}};
  }

  json scenario() {
    json rates = json::array();
    for (int count = 1; count <= 3; ++count) {
      rates.push_back(
          {{"cluster", {{"p3.2xlarge", count}}}, {"samples_per_s", 100 * count}, {"source", "assumed"}});
      rates.push_back(
          {{"cluster", {{"p3.8xlarge", count}}}, {"samples_per_s", 380 * count}, {"source", "assumed"}});
    }
    json scenario = {{"name", "apart"},
                     {"workload",
                      {{"samples", 100 * 3600 * (4 + static_cast<int>(below(60)))},
                       {"samples_per_s", rates},
                       {"global_batch", 100},
                       {"gradient_gb", 0.1}}},
                     {"market", {{"prices", "trace.json"}, {"capacity", "trace.json"}}},
                     {"replications", 12},
                     {"seed", below(1000)}};
    if (below(2) == 0) scenario["deadline_h"] = 30;
    if (below(4) == 0) scenario["market"]["bootstrap"] = {{"block_h", 12}};
    if (below(4) == 0) scenario["market"]["start"] = "begin";
    if (below(3) == 0) scenario["market"]["interruptions"] = {{"hazard", {{"per_hour", 0.02}}}};
    for (int i = 0; i < 4; ++i) scenario["mixes"].push_back(mix("mix " + std::to_string(i), scenario));
    return scenario;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_.below(n); }

  json pool(const std::string& instance, const std::string& zone, double usd) {
    const auto days = static_cast<std::int64_t>(6 + below(8));
    json prices = {{"after_s", {0}}, {"usd_per_h", json::array()}};
    json capacity = {{"kind", "count"}, {"after_s", {0}}, {"available", json::array()}};
    for (int i = 0; i < 40; ++i) {
      if (i > 0) prices["after_s"].push_back(600 + below(12000));
      if (i > 0) capacity["after_s"].push_back(600 + below(12000));
      prices["usd_per_h"].push_back(
          format_price(usd_per_hour(usd * (0.8 + 0.01 * static_cast<double>(below(60))))));
      capacity["available"].push_back(below(6));
    }
    return {{"instance", instance},
            {"zone", zone},
            {"start", "2023-03-01T00:00:00Z"},
            {"end", format_time(*parse_time("2023-03-01T00:00:00Z") + hours{24 * days})},
            {"prices", prices},
            {"capacity", capacity}};
  }

  json mix(const std::string& name, const json& scenario) {
    const bool large = below(4) == 0;
    json group = {{"instance", large ? "p3.8xlarge" : "p3.2xlarge"}, {"count", 1 + below(3)}};
    const bool on_demand = below(3) == 0;
    if (on_demand) group["purchase"] = "on_demand";
    if (!large && below(2) == 0) group["zones"] = {kZones[below(3)]};
    if (!on_demand && below(3) == 0) group["max_price_usd_per_h"] = large ? 4.0 : 1.0;
    if (below(3) == 0) group["allocation"] = "price_capacity_optimized";
    json mix = {{"name", name},
                {"groups", json::array({group})},
                {"recovery", {{"checkpoint", {{"size_gb", 1}}}, {"restart_s", 60}}},
                {"cross_zone_speed", 0.9},
                {"cross_region_speed", 0.7}};
    if (!on_demand && below(2) == 0) {
      const bool has_deadline = scenario.contains("deadline_h");
      mix["policy"] = has_deadline && below(2) == 0 ? "uniform_progress" : "on_demand_fallback";
    }
    if (below(4) == 0) mix["gang"] = {{"kind", "elastic"}};
    return mix;
  }

  RandomStream random_;
};

/// Each mix's object in the result, as text and without what compares it with others.
std::map<std::string, std::string> results_of(const Scratch& scratch, const json& scenario) {
  scratch.write("scenario.json", scenario.dump());
  const Ran ran = perform_here({"run", (scratch / "scenario.json").string(), "--format", "json", "--quiet"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  std::map<std::string, std::string> results;
  for (json mix : json::parse(ran.out)["mixes"]) {
    mix.erase("on_pareto_front");
    results[mix["name"].get<std::string>()] = mix.dump();
  }
  return results;
}

}  // namespace

TEST_CASE("Adding and removing and reordering mixes changes no byte of the others") {
  int compared = 0;
  for (std::uint64_t number = 0; number < 40; ++number) {
    CAPTURE(number);
    const Scratch scratch;
    RandomScenario random(number);
    scratch.write("trace.json", random.trace().dump());
    const json whole = random.scenario();
    const auto all = results_of(scratch, whole);
    json reversed = whole;
    std::reverse(reversed["mixes"].begin(), reversed["mixes"].end());
    CHECK(results_of(scratch, reversed) == all);
    for (const json& mix : whole["mixes"]) {
      json alone = whole;
      alone["mixes"] = json::array({mix});
      for (const auto& [name, result] : results_of(scratch, alone)) CHECK(all.at(name) == result);
      ++compared;
    }
  }
  CHECK(compared == 160);
}

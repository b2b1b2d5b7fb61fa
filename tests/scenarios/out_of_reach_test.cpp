// What a mix asks of the market in vain is said before anything is simulated.
#include <catch2/catch.hpp>

#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

/// All warnings about the mix of a small scenario: pools of two p3.2xlarge at 0.9 and three at 1.2 dollars.
std::string said_of(const json& more) {
  json document = json::parse(R"({
    "name": "small",
    "workload": {"samples": 360000, "samples_per_s": [{"cluster": {"p3.2xlarge": 4}, "samples_per_s": 100, "source": "assumed"},
                                                     {"cluster": {"p3.2xlarge": 6}, "samples_per_s": 150, "source": "assumed"}]},
    "market": {"start": "2023-03-01",
               "interruptions": {"hazard": {"per_hour": 0.01}},
               "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9, "capacity": 2},
                         {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1.2, "capacity": 3}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 4}],
               "gang": {"kind": "rigid"},
               "cross_zone_speed": 1,
               "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  document.merge_patch(more);
  const Result<Scenario> scenario = parse_scenario("small.json", document.dump(), tests::shipped());
  for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(scenario);
  const Result<BuiltExperiment> result = build_experiment(*scenario.value, tests::shipped());
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  std::string said;
  for (const Problem& warning : result.warnings) {
    if (warning.where.starts_with("mixes[0]") && warning.message.find("traffic") == std::string::npos)
      said += warning.message + "\n";
  }
  return said;
}

json mix(const json& more) {
  json one = json::parse(R"({"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 4}],
                             "cross_zone_speed": 1, "recovery": {"checkpoint": {"size_gb": 1}}})");
  one.merge_patch(more);
  return {{"mixes", json::array({one})}};
}

json group(const json& more) {
  json one = {{"instance", "p3.2xlarge"}, {"count", 4}};
  one.merge_patch(more);
  return mix({{"groups", json::array({one})}});
}

json merged(json one, const json& other) {
  one.merge_patch(other);
  return one;
}

const json kSmallQuota = {{"market", {{"quotas", {{{"family_class", "p"}, {"spot_vcpus", 16}}}}}}};

}  // namespace

TEST_CASE("nothing is said of a mix that can be had") {
  CHECK(said_of(json::object()).empty());
  CHECK(said_of(group({{"max_price_usd_per_h", 0.9}})).empty());
}

TEST_CASE("a maximum price below every price") {
  CHECK(said_of(group({{"max_price_usd_per_h", 0.5}})) ==
        "at a maximum of $0.5 an hour nobody sells spot p3.2xlarge: the least price is $0.9\n");
}

TEST_CASE("A gang larger than its quota is out of reach unless it may be smaller or on demand") {
  CHECK(said_of(kSmallQuota) == "4 p3.2xlarge need 32 vCPUs of p, the quota is 16\n");
  CHECK(said_of(merged(mix({{"gang", {{"kind", "elastic"}}}}), kSmallQuota)).empty());
  CHECK(said_of(merged(mix({{"policy", "on_demand_fallback"}}), kSmallQuota)).empty());
  json none = kSmallQuota;
  none["market"]["quotas"][0]["spot_vcpus"] = 4;
  CHECK(said_of(merged(mix({{"gang", {{"kind", "elastic"}}}}), none)) ==
        "4 p3.2xlarge need at least 8 vCPUs of p, the quota is 4\n");
}

TEST_CASE("a gang larger than what its pools ever have") {
  CHECK(said_of(group({{"count", 6}})) ==
        "6 p3.2xlarge must be there at once, and its pools never have more than 5\n");
  CHECK(said_of(group({{"zones", {"us-east-1a"}}})) ==
        "4 p3.2xlarge must be there at once, and its pools never have more than 2\n");
}

TEST_CASE(
    "An on-demand zone that the market's files do not know beside others of its region is remarked on") {
  const auto on_demand_in = [](const char* zone) {
    return said_of(group({{"purchase", "on_demand"}, {"zones", {zone}}}));
  };
  CHECK(on_demand_in("us-east-1a") == "");
  CHECK(on_demand_in("us-west-2a") == "");
  CHECK(on_demand_in("us-east-1d") ==
        "the files under market know p3.2xlarge in \"us-east-1a\", \"us-east-1b\", not in \"us-east-1d\", "
        "which takes "
        "its region's price; did you mean \"us-east-1a\"?\n");
}

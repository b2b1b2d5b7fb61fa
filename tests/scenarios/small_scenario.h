// A small scenario that tests change in one place, and what it builds.
#pragma once

#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "tests/shipped.h"

namespace spotmix::tests {

using nlohmann::json;
using namespace scenarios;

inline BuiltExperiment built(const Result<Scenario>& scenario) {
  for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(scenario);
  Result<BuiltExperiment> result = build_experiment(*scenario.value, shipped());
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  return *std::move(result.value);
}

/// A small scenario with `more` merged into it.
inline BuiltExperiment build(const json& more) {
  json document = json::parse(R"({
    "name": "small",
    "workload": {"samples": 360000, "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  if (more.is_object()) document.merge_patch(more);
  return built(parse_scenario("small.json", document.dump(), shipped()));
}

inline json mix_with(const char* key, json value) {
  json mix = json::parse(
      R"({"name": "spot", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}})");
  mix[key] = std::move(value);
  return {{"mixes", json::array({mix})}};
}

}  // namespace spotmix::tests

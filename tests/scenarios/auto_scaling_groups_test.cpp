// Auto Scaling groups with a MixedInstancesPolicy, as the AWS API describes them, become mixes (rule 16).
#include "scenarios/importers/auto_scaling_groups.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "scenarios/scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

json group() {
  return json::parse(R"({
    "AutoScalingGroupName": "trainers", "MinSize": 1, "MaxSize": 20, "DesiredCapacity": 11,
    "AvailabilityZones": ["us-east-1a", "us-east-1b"], "CapacityRebalance": true,
    "MixedInstancesPolicy": {
      "LaunchTemplate": {
        "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "$Default"},
        "Overrides": [{"InstanceType": "p3.2xlarge", "WeightedCapacity": "1"},
                      {"InstanceType": "p3.8xlarge", "WeightedCapacity": "4"}]},
      "InstancesDistribution": {
        "OnDemandAllocationStrategy": "lowest-price", "OnDemandBaseCapacity": 2,
        "OnDemandPercentageAboveBaseCapacity": 25,
        "SpotAllocationStrategy": "price-capacity-optimized", "SpotMaxPrice": "1.50"}}})");
}

Result<Imported> import_text(const std::string& text, const ImportOptions& options = {}) {
  const ImportedFile file{"asg.json", "asg", text};
  REQUIRE(is_auto_scaling_groups(text));
  return import_auto_scaling_groups({&file, 1}, options);
}

json mix_of(const json& document, const ImportOptions& options = {}) {
  const Result<Imported> imported = import_text(document.dump(), options);
  for (const Problem& problem : imported.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(imported);
  return json::parse(imported.value->text)["mixes"][0];
}

std::string refused(const json& document) {
  const Result<Imported> imported = import_text(document.dump());
  CHECK_FALSE(imported);
  return imported.problems.empty() ? "" : to_line(imported.problems.front());
}

}  // namespace

TEST_CASE("A group's capacity and weights and strategies and maximum price become a mix") {
  const json mix = mix_of({{"AutoScalingGroups", {group()}}});
  CHECK(mix["name"] == "trainers");
  REQUIRE(mix["groups"].size() == 1);
  CHECK(mix["groups"][0] == json::parse(R"({
    "instances": [{"instance": "p3.2xlarge", "weight": 1}, {"instance": "p3.8xlarge", "weight": 4}],
    "purchase": "spot", "count": 11, "zones": ["us-east-1a", "us-east-1b"],
    "allocation": "price_capacity_optimized", "on_demand_base": 2, "on_demand_percentage": 25,
    "max_price_usd_per_h": 1.5})"));
  CHECK(mix["launch"]["replace_before_termination"] == true);
}

TEST_CASE("Two parts that are placed differently are two groups with the on-demand part rounded up") {
  json prioritized = group();
  prioritized["MixedInstancesPolicy"]["InstancesDistribution"].erase("OnDemandAllocationStrategy");
  const json mix = mix_of(prioritized);
  REQUIRE(mix["groups"].size() == 2);
  // 2 + ceil(25 % of 9) = 5.
  CHECK(mix["groups"][0]["purchase"] == "on_demand");
  CHECK(mix["groups"][0]["count"] == 5);
  CHECK(mix["groups"][0]["allocation"] == "prioritized");
  CHECK(mix["groups"][1]["purchase"] == "spot");
  CHECK(mix["groups"][1]["count"] == 6);
}

TEST_CASE("What AWS leaves out has AWS's default") {
  json policy = group()["MixedInstancesPolicy"];
  policy.erase("InstancesDistribution");
  ImportOptions options;
  options.count = 4;
  const json mix = mix_of(policy, options);
  REQUIRE(mix["groups"].size() == 1);
  CHECK(mix["groups"][0]["purchase"] == "on_demand");
  CHECK(mix["groups"][0]["count"] == 4);
  CHECK(mix["groups"][0]["allocation"] == "prioritized");
}

TEST_CASE("an imported mix runs in a scenario") {
  json document = json::parse(R"({"name": "x", "workload": {"samples": 360000,
      "samples_per_s": [{"cluster": {"p3.2xlarge": 11}, "samples_per_s": 1100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools": [
      {"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
      {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 0.95},
      {"instance": "p3.8xlarge", "zone": "us-east-1a", "spot_usd_per_h": 3.6},
      {"instance": "p3.8xlarge", "zone": "us-east-1b", "spot_usd_per_h": 3.7}]}})");
  json mix = mix_of(group());
  mix["recovery"]["checkpoint"]["size_gb"] = 1;
  document["mixes"] = {mix};
  const Result<Scenario> scenario = parse_scenario("x.json", document.dump(), tests::shipped());
  for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(scenario);
  const Result<BuiltExperiment> built = build_experiment(*scenario.value, tests::shipped());
  for (const Problem& problem : built.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(built);
  const sim::Mix& simulated = built.value->experiment.mixes[0];
  REQUIRE(simulated.groups.size() == 2);
  CHECK(simulated.groups[0].count == 5);
  CHECK(simulated.groups[1].count == 6);
  CHECK(simulated.groups[1].weights == std::vector<int>{1, 1, 4, 4});
}

TEST_CASE("what a policy cannot mean here is refused with its place") {
  json document = group();
  json& policy = document["MixedInstancesPolicy"];
  policy["InstancesDistribution"]["SpotAllocationStrategy"] = "lowest-prize";
  CHECK(
      refused(document) ==
      "asg.json: MixedInstancesPolicy.InstancesDistribution.SpotAllocationStrategy: found \"lowest-prize\", "
      "expected one of \"lowest-price\", \"capacity-optimized\", \"capacity-optimized-prioritized\", "
      "\"price-capacity-optimized\", \"diversified\"; did you mean \"lowest-price\"?");
  document = group();
  document["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"][1]["WeightedCapacity"] = "0";
  CHECK(
      refused(document) ==
      "asg.json: MixedInstancesPolicy.LaunchTemplate.Overrides[1].WeightedCapacity: found \"0\", expected a "
      "whole number from 1 to 999");
  document = group();
  document["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"][0] = {
      {"InstanceRequirements", {{"VCpuCount", {{"Min", 8}}}}}};
  CHECK(refused(document).find("Overrides[0].InstanceRequirements: found a selection by attributes") !=
        std::string::npos);
  document = group();
  document["MixedInstancesPolicy"]["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] = 130;
  CHECK(refused(document).find("found 130, expected a whole number from 0 to 100") != std::string::npos);
  document = group();
  document.erase("DesiredCapacity");
  document.erase("MinSize");
  CHECK(refused(document) ==
        "asg.json: found no DesiredCapacity, expected one, or --count with the number of units");
  CHECK(refused({{"AutoScalingGroups", {{{"AutoScalingGroupName", "plain"}}}}}) ==
        "asg.json: AutoScalingGroups: found no group with a MixedInstancesPolicy, expected at least one");
}

TEST_CASE("values of another type than AWS gives are refused with their place") {
  json document = group();
  document["AutoScalingGroupName"] = 7;
  CHECK(refused(document) == "asg.json: AutoScalingGroupName: found 7, expected a name");
  document = group();
  document["CapacityRebalance"] = "yes";
  CHECK(refused(document) == "asg.json: CapacityRebalance: found \"yes\", expected true or false");
  document = group();
  document["AvailabilityZones"] = {"us-east-1a", 2};
  CHECK(refused(document) == "asg.json: AvailabilityZones[1]: found 2, expected a zone");
  document = group();
  document["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"][0]["InstanceType"] = json::array();
  CHECK(refused(document).starts_with(
      "asg.json: MixedInstancesPolicy.LaunchTemplate.Overrides[0].InstanceType: found "));
  document = group();
  document["MixedInstancesPolicy"] = "mixed";
  CHECK(refused(document).starts_with("asg.json: MixedInstancesPolicy: found no launch template"));
}

TEST_CASE("strategies that are only nearly ours are said") {
  json document = group();
  json& distribution = document["MixedInstancesPolicy"]["InstancesDistribution"];
  distribution["SpotAllocationStrategy"] = "lowest-price";
  distribution["SpotInstancePools"] = 3;
  const Result<Imported> imported = import_text(document.dump());
  REQUIRE(imported);
  REQUIRE(imported.warnings.size() == 1);
  CHECK(imported.warnings[0].where == "MixedInstancesPolicy.InstancesDistribution.SpotInstancePools");
}

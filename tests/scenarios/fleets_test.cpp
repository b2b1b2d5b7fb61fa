// Auto Scaling groups, EC2 Fleets and Spot Fleets, as AWS and the tools around it describe them, become mixes
// (rule 16).
#include "scenarios/importers/fleets.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "scenarios/scenario.h"
#include "sim/batch/batch.h"
#include "tests/scenarios/small_scenario.h"
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
  REQUIRE(is_fleets(text));
  return import_fleets({&file, 1}, options);
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
        "asg.json: found Auto Scaling groups without a fleet that is read, expected an Auto Scaling group "
        "with a "
        "MixedInstancesPolicy, an EC2 Fleet or a Spot Fleet");
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

namespace {

/// Six T4 units, two of them on demand, in two zones.
json ec2_fleet() {
  return json::parse(R"({
    "SpotOptions": {"AllocationStrategy": "price-capacity-optimized",
                    "MaintenanceStrategies": {"CapacityRebalance": {"ReplacementStrategy": "launch"}}},
    "LaunchTemplateConfigs": [{
      "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-7", "Version": "2"},
      "Overrides": [
        {"InstanceType": "g4dn.xlarge", "AvailabilityZone": "us-east-1a", "MaxPrice": "0.40", "WeightedCapacity": 1.0},
        {"InstanceType": "g4dn.xlarge", "AvailabilityZone": "us-east-1b", "MaxPrice": "0.40", "WeightedCapacity": 1.0},
        {"InstanceType": "g4dn.12xlarge", "AvailabilityZone": "us-east-1a", "MaxPrice": "0.40", "WeightedCapacity": 4.0},
        {"InstanceType": "g4dn.12xlarge", "AvailabilityZone": "us-east-1b", "MaxPrice": "0.40", "WeightedCapacity": 4.0}]}],
    "TargetCapacitySpecification": {"TotalTargetCapacity": 6, "OnDemandTargetCapacity": 2,
                                    "DefaultTargetCapacityType": "spot"},
    "Type": "maintain"})");
}

/// The group that says the same.
json ec2_fleet_by_hand() {
  return json::parse(R"({
    "instances": [{"instance": "g4dn.xlarge", "weight": 1}, {"instance": "g4dn.12xlarge", "weight": 4}],
    "purchase": "spot", "count": 6, "zones": ["us-east-1a", "us-east-1b"],
    "allocation": "price_capacity_optimized", "on_demand_base": 2, "on_demand_percentage": 0,
    "max_price_usd_per_h": 0.4})");
}

json spot_fleet() {
  return json::parse(R"({
    "SpotPrice": "1.20", "TargetCapacity": 3, "AllocationStrategy": "capacityOptimized",
    "IamFleetRole": "arn:aws:iam::000000000000:role/r",
    "LaunchSpecifications": [
      {"ImageId": "ami-1", "InstanceType": "p3.2xlarge", "Placement": {"AvailabilityZone": "us-east-1a, us-east-1c"}},
      {"ImageId": "ami-1", "InstanceType": "g5.4xlarge", "Placement": {"AvailabilityZone": "us-east-1a, us-east-1c"}}]})");
}

json spot_fleet_by_hand() {
  return json::parse(R"({
    "instances": [{"instance": "p3.2xlarge"}, {"instance": "g5.4xlarge"}], "purchase": "spot", "count": 3,
    "zones": ["us-east-1a", "us-east-1c"], "allocation": "capacity_optimized", "max_price_usd_per_h": 1.2})");
}

}  // namespace

TEST_CASE("An EC2 Fleet says its types and weights and zones and units and price") {
  const json mix = mix_of(ec2_fleet());
  CHECK(mix["name"] == "EC2 Fleet");
  CHECK(mix["groups"] == json::array({ec2_fleet_by_hand()}));
  CHECK(mix["launch"]["replace_before_termination"] == true);
  json described = ec2_fleet();
  described["FleetId"] = "fleet-1";
  CHECK(mix_of({{"Fleets", {described}}})["name"] == "fleet-1");
  described["Tags"] = {{{"Key", "Name"}, {"Value", "trainers"}}};
  CHECK(mix_of({{"Fleets", {described}}})["name"] == "trainers");
}

TEST_CASE("Fleets without a name get one each") {
  const Result<Imported> imported = import_text(json({ec2_fleet(), ec2_fleet()}).dump());
  REQUIRE(imported);
  const json mixes = json::parse(imported.value->text)["mixes"];
  REQUIRE(mixes.size() == 2);
  CHECK(mixes[0]["name"] == "EC2 Fleet");
  CHECK(mixes[1]["name"] == "EC2 Fleet 2");
}

TEST_CASE("The units that an EC2 Fleet does not divide are of its default kind") {
  json fleet = ec2_fleet();
  json& target = fleet["TargetCapacitySpecification"];
  target = {
      {"TotalTargetCapacity", 6}, {"SpotTargetCapacity", 4}, {"DefaultTargetCapacityType", "on-demand"}};
  CHECK(mix_of(fleet)["groups"][0]["on_demand_base"] == 2);
  target = {{"TotalTargetCapacity", 6}};  // all on demand
  CHECK(mix_of(fleet)["groups"][0]["purchase"] == "on_demand");
  CHECK(mix_of(fleet)["groups"][0]["count"] == 6);
  target = {{"TotalTargetCapacity", 6}, {"DefaultTargetCapacityType", "spot"}};
  CHECK(mix_of(fleet)["groups"][0]["purchase"] == "spot");
  CHECK_FALSE(mix_of(fleet)["groups"][0].contains("on_demand_base"));
}

TEST_CASE("A Spot Fleet is no price history though it names a SpotPrice") {
  CHECK(mix_of(spot_fleet())["groups"] == json::array({spot_fleet_by_hand()}));
  CHECK(mix_of({{"SpotFleetRequestConfigs",
                 {{{"SpotFleetRequestId", "sfr-1"}, {"SpotFleetRequestConfig", spot_fleet()}}}}})["name"] ==
        "sfr-1");
  // The word alone makes no fleet of prices.
  CHECK_FALSE(is_fleets(R"({"SpotPriceHistory": [{"InstanceType": "p3.2xlarge", "SpotPrice": "1",
    "note": "LaunchTemplate, Overrides, MixedInstancesPolicy"}]})"));
}

TEST_CASE("Fleets are found in a CloudFormation template with the defaults of its parameters") {
  json properties = group();
  properties.erase("AutoScalingGroupName");
  properties["DesiredCapacity"] = {{"Ref", "Units"}};
  properties["AvailabilityZones"] = {{"Fn::GetAZs", ""}};
  const json document = {
      {"AWSTemplateFormatVersion", "2010-09-09"},
      {"Parameters", {{"Units", {{"Type", "Number"}, {"Default", "11"}}}}},
      {"Resources",
       {{"Bucket", {{"Type", "AWS::S3::Bucket"}}},
        {"Trainers", {{"Type", "AWS::AutoScaling::AutoScalingGroup"}, {"Properties", properties}}},
        {"Workers",
         {{"Type", "AWS::EC2::SpotFleet"},
          {"Properties", {{"SpotFleetRequestConfigData", spot_fleet()}}}}}}}};
  const Result<Imported> imported = import_text(document.dump());
  for (const Problem& problem : imported.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(imported);
  const json mixes = json::parse(imported.value->text)["mixes"];
  REQUIRE(mixes.size() == 2);
  CHECK(mixes[0]["name"] == "Trainers");
  CHECK(mixes[0]["groups"][0]["count"] == 11);
  CHECK_FALSE(mixes[0]["groups"][0].contains("zones"));
  CHECK(mixes[1]["name"] == "Workers");
  CHECK(mixes[1]["groups"] == json::array({spot_fleet_by_hand()}));
}

TEST_CASE("Fleets are found in a plan of Terraform") {
  const json document =
      json::parse(R"({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {
    "root_module": {
      "resources": [{"address": "aws_vpc.main", "type": "aws_vpc", "values": {"cidr_block": "10.0.0.0/16"}}],
      "child_modules": [{"resources": [{
        "address": "module.train.aws_autoscaling_group.gpus", "type": "aws_autoscaling_group",
        "values": {"name": "gpus", "desired_capacity": 8, "min_size": 0, "availability_zones": ["us-east-1a"],
          "capacity_rebalance": true, "launch_template": [],
          "mixed_instances_policy": [{
            "instances_distribution": [{"on_demand_allocation_strategy": "lowest-price",
              "on_demand_base_capacity": 2, "on_demand_percentage_above_base_capacity": 0,
              "spot_allocation_strategy": "capacity-optimized", "spot_instance_pools": null, "spot_max_price": ""}],
            "launch_template": [{"launch_template_specification": [{"version": "$Latest"}],
              "override": [{"instance_type": "g5.xlarge", "weighted_capacity": "1", "instance_requirements": []},
                           {"instance_type": "g5.12xlarge", "weighted_capacity": "4"}]}]}]}}]}]}}})");
  const json mix = mix_of(document);
  CHECK(mix["name"] == "gpus");
  CHECK(mix["groups"] == json::array({json::parse(R"({
    "instances": [{"instance": "g5.xlarge", "weight": 1}, {"instance": "g5.12xlarge", "weight": 4}],
    "purchase": "spot", "count": 8, "zones": ["us-east-1a"], "allocation": "capacity_optimized",
    "on_demand_base": 2, "on_demand_percentage": 0})")}));
  CHECK(mix["launch"]["replace_before_termination"] == true);
}

TEST_CASE("Parts of a fleet that no mix can express are reported with their path") {
  json fleet = ec2_fleet();
  json& overrides = fleet["LaunchTemplateConfigs"][0]["Overrides"];
  overrides[3]["MaxPrice"] = "0.50";
  CHECK(refused(fleet) ==
        "asg.json: LaunchTemplateConfigs[0].Overrides[3].MaxPrice: found 0.5, and 0.4 for "
        "another type, "
        "expected one maximum price");
  overrides = {{{"InstanceRequirements", {{"AcceleratorCount", {{"Min", 8}}}}}}};
  CHECK(refused(fleet).starts_with(
      "asg.json: LaunchTemplateConfigs[0].Overrides[0].InstanceRequirements: found a "
      "selection by attributes, expected InstanceType"));
  fleet["LaunchTemplateConfigs"][0].erase("Overrides");
  CHECK(
      refused(fleet) ==
      "asg.json: LaunchTemplateConfigs[0].Overrides: found no overrides, expected a list of instance types");
  CHECK(refused({{"InstanceFleets", json::array()}})
            .starts_with("asg.json: found instance fleets of EMR without a fleet that is read, expected "));
  CHECK(refused({{"apiVersion", "karpenter.sh/v1"}, {"kind", "NodePool"}})
            .starts_with("asg.json: found an object of Kubernetes without a fleet that is read, expected "));

  json uneven = ec2_fleet();
  uneven["LaunchTemplateConfigs"][0]["Overrides"].erase(3);
  uneven["Type"] = "instant";
  const Result<Imported> imported = import_text(uneven.dump());
  REQUIRE(imported);
  REQUIRE(imported.warnings.size() == 2);
  CHECK(imported.warnings[0].where == "Type");
  CHECK(imported.warnings[1].message ==
        "g4dn.12xlarge is bought in all zones of the request, \"us-east-1a\", \"us-east-1b\", though it is "
        "asked for in "
        "\"us-east-1a\" only");
}

TEST_CASE("An imported fleet answers like the groups written out") {
  const auto results = [](json groups, json launch) {
    json document = json::parse(R"({"name": "x", "replications": 5,
      "workload": {"model": "resnet50", "precision": "fp16", "global_batch": 384, "samples": 4e6},
      "market": {"start": "2025-03-01", "interruptions": {"hazard": {"per_hour": 0.2}}, "pools": [
        {"instance": "g4dn.xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.2, "capacity": 3},
        {"instance": "g4dn.xlarge", "zone": "us-east-1b", "spot_usd_per_h": 0.3},
        {"instance": "g4dn.12xlarge", "zone": "us-east-1a", "spot_usd_per_h": 1.5},
        {"instance": "g4dn.12xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1.1, "capacity": 1}]}})");
    document["mixes"] = {{{"name", "m"}, {"groups", std::move(groups)}, {"launch", std::move(launch)}}};
    const Result<Scenario> scenario = parse_scenario("x.json", document.dump(), tests::shipped());
    for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
    REQUIRE(scenario);
    return sim::run_batch(tests::built(scenario).experiment);
  };
  const json imported = mix_of(ec2_fleet());
  const auto from_fleet = results(imported["groups"], imported["launch"]);
  const auto by_hand = results({ec2_fleet_by_hand()}, {{"replace_before_termination", true}});
  CHECK(from_fleet.mixes[0].fingerprint == by_hand.mixes[0].fingerprint);
  CHECK(from_fleet.mixes[0].cost_usd->mean == by_hand.mixes[0].cost_usd->mean);
}

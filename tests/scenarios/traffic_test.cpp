// Requests by part, traffic between regions, and activations between zones, as scenarios price them.
#include <algorithm>

#include "scenarios/experiment/region_prices.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::tests;

namespace {

json with_checkpoint(json settings) {
  return mix_with("recovery", {{"checkpoint", std::move(settings)}});
}

/// Two p3.2xlarge at 200 samples/s that may be in us-east-1 and in another region.
json in_two_regions(const std::string& other, const json& more) {
  json scenario = json::parse(R"({
    "workload": {"samples_per_s": [{"cluster": {"p3.2xlarge": 2}, "samples_per_s": 200, "source": "assumed"}],
                 "global_batch": 100, "gradient_gb": 1},
    "market": {"pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
                         {"instance": "p3.2xlarge", "spot_usd_per_h": 1.0}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 2}], "cross_region_speed": 0.5,
               "recovery": {"checkpoint": {"size_gb": 10, "store": "s3"}}}]})");
  scenario["market"]["pools"][1]["zone"] = other;
  scenario.merge_patch(more);
  return scenario;
}

sim::SurroundingCosts costs_of(const json& scenario) {
  return build(scenario).experiment.mixes[0].surroundings;
}

/// Whether building the scenario, which is whole but for its name, amount and start, warns so.
bool warns(const json& scenario, const std::string& part) {
  json document = {
      {"name", "small"}, {"workload", {{"samples", 360000}}}, {"market", {{"start", "2023-03-01"}}}};
  document.merge_patch(scenario);
  const Result<Scenario> read = parse_scenario("small.json", document.dump(), shipped());
  REQUIRE(read);
  const Result<BuiltExperiment> built = build_experiment(*read.value, shipped());
  REQUIRE(built);
  return std::any_of(built.warnings.begin(), built.warnings.end(), [&](const Problem& warning) {
    return to_line(warning).find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("Requests to S3 are counted by the parts written and read", "[rule 12]") {
  const sim::SurroundingCosts usual = costs_of(with_checkpoint({{"size_gb", 1}, {"store", "s3"}}));
  // 1 GB is 120 parts of 8 MiB; writing takes two requests more. $0.005 and $0.0004 for 1,000.
  CHECK(usual.per_checkpoint == from_usd(122 * 5e-6));
  CHECK(usual.per_restore == from_usd(120 * 4e-7));
  // 15 parts of 64 MiB.
  const json settings = {{"size_gb", 1},    {"store", "s3"},       {"part_mib", 64},
                         {"full_every", 3}, {"increment_gb", 0.2}, {"interval_min", 30}};
  const sim::SurroundingCosts large = costs_of(with_checkpoint(settings));
  CHECK(large.per_checkpoint == from_usd(17 * 5e-6));
  CHECK(large.per_restore == from_usd(15 * 4e-7));
  CHECK(large.per_increment == from_usd(5 * 5e-6));
  CHECK(large.per_restored_increment == from_usd(3 * 4e-7));
  // S3 takes 10,000 parts at most: 200 GB go up in larger ones.
  CHECK(costs_of(with_checkpoint({{"size_gb", 200}, {"store", "s3"}})).per_checkpoint ==
        from_usd(10002 * 5e-6));
}

TEST_CASE("The price of reading from S3 is the scenario's and volumes take no requests", "[rule 12]") {
  json scenario = with_checkpoint({{"size_gb", 1}, {"store", "s3"}});
  scenario["market"]["storage"]["s3_usd_per_1000_gets"] = 1;
  CHECK(costs_of(scenario).per_restore == from_usd(0.12));
  CHECK(costs_of(with_checkpoint({{"size_gb", 1}, {"store", "ebs"}})).per_restore == Money{});
}

TEST_CASE("Gradients and checkpoints pay AWS's price from where they come to another region", "[rule 12]") {
  const BuiltExperiment built = build(in_two_regions("sa-east-1a", json::object()));
  const sim::SurroundingCosts& costs = built.experiment.mixes[0].surroundings;
  REQUIRE(costs.hops.size() == 4);
  const bool virginia_first = built.experiment.market.pools[0].zone == "us-east-1a";
  const sim::RegionHop& out_of_virginia = costs.hops[virginia_first ? 1 : 2];
  const sim::RegionHop& out_of_sao_paulo = costs.hops[virginia_first ? 2 : 1];
  // Two ranks pass 1 GB over each boundary in each of 7,200 steps an hour.
  CHECK(out_of_virginia.ring == usd_per_hour(7200 * 0.02));
  CHECK(out_of_sao_paulo.ring == usd_per_hour(7200 * 0.138));
  CHECK(out_of_virginia.cut == HourlyPrice{});
  CHECK(out_of_virginia.restore == from_usd(10 * 0.02));
  CHECK(out_of_sao_paulo.restore == from_usd(10 * 0.138));
  CHECK(costs.cross_region_speed == 0.5);
  CHECK(costs_of(in_two_regions("us-east-2a", json::object())).hops[1].restore == from_usd(10 * 0.01));
  const json price = {{"market", {{"transfer", {{"between_regions_usd_per_gb", 0.5}}}}}};
  CHECK(costs_of(in_two_regions("sa-east-1a", price)).hops[1].restore == from_usd(10 * 0.5));
}

TEST_CASE("A checkpoint from another region is read at the bandwidth between regions", "[rule 12]") {
  // A p3.2xlarge has 2.5 Gbit/s, to other regions too: up to 5 Gbit/s would be allowed.
  CHECK(costs_of(in_two_regions("us-west-2a", json::object())).cross_region_read == Duration{0});
  const json slow = {{"market", {{"transfer", {{"between_regions_gb_per_s", 0.1}}}}}};
  CHECK(to_seconds(costs_of(in_two_regions("us-west-2a", slow)).cross_region_read) == Approx(100 - 32));
  const json fast = {{"market", {{"transfer", {{"between_regions_gb_per_s", 100}}}}}};
  CHECK(costs_of(in_two_regions("us-west-2a", fast)).cross_region_read == Duration{0});
}

TEST_CASE("An instance of 32 vCPUs or more has half of its network to other regions", "[rule 12]") {
  const json scenario = json::parse(R"({
    "workload": {"samples_per_s": [{"cluster": {"p3.16xlarge": 1}, "samples_per_s": 200, "source": "assumed"}]},
    "market": {"pools": [{"instance": "p3.16xlarge", "zone": "us-east-1a", "spot_usd_per_h": 7},
                         {"instance": "p3.16xlarge", "zone": "us-west-2a", "spot_usd_per_h": 7}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.16xlarge"}],
               "recovery": {"checkpoint": {"size_gb": 100, "store": "s3"}}}]})");
  // 25 Gbit/s.
  CHECK(to_seconds(costs_of(scenario).cross_region_read) == Approx(64 - 32));
}

TEST_CASE("A single instance restores across regions too but exchanges nothing", "[rule 12]") {
  json scenario = in_two_regions("us-west-2a", json::object());
  scenario["mixes"][0]["groups"][0]["count"] = 1;
  scenario["workload"]["samples_per_s"] =
      json::parse(R"([{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}])");
  const sim::SurroundingCosts costs = costs_of(scenario);
  REQUIRE(costs.hops.size() == 4);
  CHECK(costs.hops[1].ring == HourlyPrice{});
  CHECK(costs.hops[1].restore == from_usd(10 * 0.02));
  CHECK(costs.cross_region_speed == 1);
}

TEST_CASE("Training in several regions is slower by the model's step than in several zones", "[rule 12]") {
  json scenario = in_two_regions(
      "us-west-2a",
      {{"workload", {{"model", "resnet50"}, {"samples_per_s", nullptr}, {"gradient_gb", nullptr}}}});
  scenario["mixes"][0].erase("cross_region_speed");
  const sim::SurroundingCosts costs = costs_of(scenario);
  CHECK(costs.cross_region_speed < costs.cross_zone_speed);
  scenario["market"]["transfer"]["between_regions_latency_ms"] = 100;
  CHECK(costs_of(scenario).cross_region_speed < costs.cross_region_speed);
}

TEST_CASE("An unknown price between regions is reported and not taken to be 0") {
  CHECK(warns(in_two_regions("moon-1a", json::object()),
              "traffic from us-east-1 to moon-1 is not charged: its price is not known "
              "(market.transfer.between_regions_usd_per_gb gives it)"));
  const json price = {{"market", {{"transfer", {{"between_regions_usd_per_gb", 0.5}}}}}};
  CHECK_FALSE(warns(in_two_regions("moon-1a", price), "is not charged"));
  CHECK_FALSE(between_regions_usd_per_gb("us-east-1", "moon-1"));
  CHECK(between_regions_usd_per_gb("eu-west-1", "us-east-1") == 0.02);
}

TEST_CASE("Pipelines send activations between zones and one stage's gradients", "[rule 12]") {
  json scenario = json::parse(R"({
    "workload": {"samples_per_s": [{"cluster": {"p3.2xlarge": 4}, "samples_per_s": 200, "source": "assumed"}],
                 "global_batch": 100, "gradient_gb": 1, "activation_gb": 0.25},
    "market": {"pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
                         {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1.0}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 4}], "cross_zone_speed": 0.9,
               "gang": {"kind": "templates", "stages": 2}, "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  const sim::SurroundingCosts costs = costs_of(scenario);
  // Two pipelines of two stages: activations go and their gradients come, 0.5 GB; a stage's half of the
  // gradients goes around two ranks, 0.5 GB there and 0.5 GB back. 7,200 steps an hour, a cent on each side.
  CHECK(costs.cross_zone_per_boundary == HourlyPrice{});
  CHECK(to_usd_per_hour(costs.cross_zone_per_cut) == Approx(7200 * (0.5 + 1.0) * 0.02));
  scenario["workload"].erase("activation_gb");
  CHECK(warns(scenario,
              "the traffic of activations between zones is not charged: their size is not "
              "known (workload.activation_gb gives it)"));
  CHECK(to_usd_per_hour(costs_of(scenario).cross_zone_per_cut) == Approx(7200 * 1.0 * 0.02));
}

TEST_CASE("A model's own pipeline tells its activations", "[rule 12]") {
  const json scenario = json::parse(R"({
    "workload": {"model": "bert-large", "precision": "fp16", "sequence_length": 128, "global_batch": 64,
                 "samples_per_s": null},
    "parallelism": {"pipeline": 2, "micro_batch": 8},
    "market": {"pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
                         {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1.0}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 2}]}]})");
  const BuiltExperiment built = build(scenario);
  const double steps_per_h = 3600 * *built.details[0].samples_per_s / 64;
  // 128 tokens of 1,024 numbers in two bytes, for each of 64 samples, forward and back; each stage is on one
  // instance, so that no gradients leave it.
  const double gigabytes = 2 * 64 * 128 * 1024 * 2 / 1e9;
  CHECK(to_usd_per_hour(built.experiment.mixes[0].surroundings.cross_zone_per_cut) ==
        Approx(gigabytes * 0.02 * steps_per_h));
}

TEST_CASE("AWS's price of traffic between zones is not put on the zones of another cloud", "[rule 12]") {
  const auto between = [](const char* first, const char* second, const json& more) {
    json scenario = in_two_regions(second, more);
    scenario["market"]["pools"][0]["zone"] = first;
    return scenario;
  };
  const json google = between("us-central1-a", "us-central1-b", json::object());
  CHECK(costs_of(google).cross_zone_per_boundary.nano_usd_per_h == 0);
  CHECK(warns(google, "market.transfer.between_zones_usd_per_gb gives it"));
  CHECK(costs_of(between("us-east-1a", "us-east-1b", json::object())).cross_zone_per_boundary.nano_usd_per_h >
        0);
  const json priced = between("us-central1-a", "us-central1-b",
                              {{"market", {{"transfer", {{"between_zones_usd_per_gb", 0.005}}}}}});
  CHECK(costs_of(priced).cross_zone_per_boundary.nano_usd_per_h > 0);
}

TEST_CASE("A workload that says its steps exchange no gradients is not warned of their traffic") {
  const json none =
      in_two_regions("us-east-1b", {{"workload", {{"gradient_gb", 0}, {"global_batch", nullptr}}}});
  CHECK_FALSE(warns(none, "gradient"));
}

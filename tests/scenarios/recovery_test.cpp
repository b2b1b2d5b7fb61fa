// What scenarios say of checkpoints, storage and distance, and what becomes of it.
#include <algorithm>
#include <cmath>
#include <regex>

#include <catch2/catch.hpp>

#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;
using tests::build;
using tests::mix_with;

namespace {

json with_checkpoint(json checkpoint) {
  return mix_with("recovery", {{"checkpoint", std::move(checkpoint)}});
}

sim::CheckpointSpec checkpoint_of(json checkpoint) {
  return build(with_checkpoint(std::move(checkpoint))).experiment.mixes[0].recovery.checkpoint;
}

json hazard(double per_hour) {
  return {{"market", {{"interruptions", {{"hazard", {{"per_hour", per_hour}}}}}}}};
}

json merged(json a, const json& b) {
  a.merge_patch(b);
  return a;
}

std::vector<std::string> warnings_of(const json& more) {
  json document = json::parse(R"({
    "name": "small",
    "workload": {"samples": 360000, "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  document.merge_patch(more);
  const Result<Scenario> scenario = parse_scenario("small.json", document.dump(), tests::shipped());
  REQUIRE(scenario);
  const Result<BuiltExperiment> result = build_experiment(*scenario.value, tests::shipped());
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  std::vector<std::string> texts;
  for (const Problem& warning : result.warnings) texts.push_back(to_line(warning));
  return texts;
}

bool says(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

/// A gang of two p3.2xlarge that may be in two zones, at 200 samples/s.
json two_in_two_zones(const json& more) {
  json scenario = json::parse(R"({
    "workload": {"samples_per_s": [{"cluster": {"p3.2xlarge": 2}, "samples_per_s": 200, "source": "assumed"}]},
    "market": {"pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
                         {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1.0}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "count": 2}],
               "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  scenario.merge_patch(more);
  return scenario;
}

}  // namespace

TEST_CASE("young and daly set the interval from the time of a write and the hazard of the whole gang") {
  // 10 GB at 0.1 GB/s take 100 s; one interruption in 1 ÷ 0.15 h is one in 24,000 s.
  const json young = {{"interval_min", "young"}, {"size_gb", 10}, {"write_gb_per_s", 0.1}};
  const sim::Mix one = build(merged(with_checkpoint(young), hazard(0.15))).experiment.mixes[0];
  CHECK(to_seconds(one.recovery.checkpoint.interval) == Approx(std::sqrt(2 * 100 * 24000.0)));
  json daly = young;
  daly["interval_min"] = "daly";
  const sim::Mix other = build(merged(with_checkpoint(daly), hazard(0.15))).experiment.mixes[0];
  const double share = 100.0 / 48000;
  CHECK(to_seconds(other.recovery.checkpoint.interval) ==
        Approx(std::sqrt(2 * 100 * 24000.0) * (1 + std::sqrt(share) / 3 + share / 9) - 100));
  CHECK(
      says(warnings_of(merged(with_checkpoint(young), hazard(0.15))),
           "Young's checkpoint interval is 36.5 minutes: a write pauses training for 100 s, and 6.667 h lie "
           "between interruptions (0.15 per hour from hazards)"));
}

TEST_CASE("The mean time between interruptions may be given and without any there are no checkpoints") {
  const json given = {{"interval_min", "young"},
                      {"size_gb", 10},
                      {"write_gb_per_s", 0.1},
                      {"mean_between_interruptions_h", 5}};
  CHECK(to_seconds(checkpoint_of(given).interval) == Approx(std::sqrt(2 * 100 * 18000.0)));
  json unknown = given;
  unknown.erase("mean_between_interruptions_h");
  CHECK(checkpoint_of(unknown).kind == sim::CheckpointSpec::Kind::none);
  CHECK(says(warnings_of(with_checkpoint(unknown)), "no checkpoints are written"));
  json free = given;
  free["size_gb"] = 0;
  CHECK(checkpoint_of(free).kind == sim::CheckpointSpec::Kind::continuous);
}

TEST_CASE("an asynchronous checkpoint pauses for the snapshot and uploads at the store's bandwidth") {
  const json settings = {{"size_gb", 12},     {"write_gb_per_s", 0.1},  {"asynchronous", true},
                         {"full_every", 4},   {"snapshot_gb_per_s", 6}, {"increment_gb", 3},
                         {"interval_min", 30}};
  const sim::CheckpointSpec c = checkpoint_of(settings);
  CHECK(c.write == seconds{2});
  CHECK(c.upload == seconds{120});
  CHECK(c.write_increment == std::chrono::milliseconds{500});
  CHECK(c.upload_increment == seconds{30});
  CHECK(c.full_every == 4);
  // Read back at the baseline EBS bandwidth of a p3.2xlarge, 1,750 Mbit/s.
  CHECK(to_seconds(c.read) == Approx(12e9 / (1750e6 / 8)));
  CHECK(to_seconds(c.read_increment) == Approx(3e9 / (1750e6 / 8)));
}

TEST_CASE("without a bandwidth to the host an asynchronous checkpoint takes the device's own link") {
  const sim::CheckpointSpec c = checkpoint_of({{"size_gb", 1}, {"asynchronous", true}});
  CHECK(c.write > Duration{0});
  CHECK(c.write < seconds{1});
  CHECK(c.upload > seconds{4});
}

TEST_CASE("a rule's interval is never shorter than an upload") {
  const json settings = {{"interval_min", "daly"},  {"size_gb", 60},
                         {"write_gb_per_s", 0.05},  {"asynchronous", true},
                         {"snapshot_gb_per_s", 60}, {"mean_between_interruptions_h", 5}};
  CHECK(checkpoint_of(settings).interval == seconds{1200});
  CHECK(says(warnings_of(with_checkpoint(settings)),
             "an upload takes 20.0 minutes, which is the interval then"));
}

TEST_CASE("S3 is reached with an instance's network and at most 100 Gbit/s") {
  const auto seconds_of_100_gb = [](const std::string& type) {
    const std::string of_type = R"({
      "workload": {"samples_per_s": [{"cluster": {"TYPE": 1}, "samples_per_s": 100, "source": "assumed"}]},
      "market": {"pools": [{"instance": "TYPE", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
      "mixes": [{"name": "spot", "groups": [{"instance": "TYPE"}],
                 "recovery": {"checkpoint": {"size_gb": 100, "store": "s3"}}}]})";
    const std::string text = std::regex_replace(of_type, std::regex("TYPE"), type);
    return to_seconds(build(json::parse(text)).experiment.mixes[0].recovery.checkpoint.read);
  };
  CHECK(seconds_of_100_gb("p3.8xlarge") == Approx(80));   // 10 Gbit/s
  CHECK(seconds_of_100_gb("p4d.24xlarge") == Approx(8));  // 400 Gbit/s
  CHECK(seconds_of_100_gb("p5.48xlarge") == Approx(8));   // 3,200 Gbit/s
}

TEST_CASE("Checkpoints cost the requests and storage of S3 or the volume of EBS", "[rule 12]") {
  const sim::SurroundingCosts s3 =
      build(with_checkpoint({{"size_gb", 1}, {"store", "s3"}, {"keep", 3}})).experiment.mixes[0].surroundings;
  // 1 GB is 120 parts of 8 MiB, and two requests more, at $0.005 for 1,000.
  CHECK(s3.per_checkpoint == from_usd(122 * 5e-6));
  CHECK(s3.storage == usd_per_hour(3 * 0.023 / 730));
  const sim::SurroundingCosts ebs =
      build(with_checkpoint({{"size_gb", 1}, {"store", "ebs"}})).experiment.mixes[0].surroundings;
  CHECK(ebs.per_checkpoint == Money{});
  CHECK(build(with_checkpoint({{"size_gb", 1}})).experiment.mixes[0].surroundings.storage == HourlyPrice{});
  CHECK(ebs.storage == usd_per_hour(0.08 / 730));
  const json prices = {{"market", {{"storage", {{"ebs_usd_per_gb_month", 0.73}}}}}};
  const json kept = with_checkpoint({{"size_gb", 1}, {"store", "ebs"}});
  CHECK(build(merged(kept, prices)).experiment.mixes[0].surroundings.storage == usd_per_hour(0.001));
}

TEST_CASE("Images and volumes and data are billed", "[rule 12]") {
  const json storage = {{"image_gb", 100}, {"volume_gb", 20}, {"data_gb", 1000}};
  const sim::Mix mix = build(mix_with("storage", storage)).experiment.mixes[0];
  CHECK(mix.surroundings.volume_per_instance == usd_per_hour(120 * 0.08 / 730));
  // The data in S3, the image's snapshot.
  CHECK(to_usd_per_hour(mix.surroundings.storage) == Approx((1000 * 0.023 + 100 * 0.05) / 730));
}

TEST_CASE("Gradients between zones cost one cent a GB on each side of every boundary", "[rule 12]") {
  const json given = {{"workload", {{"gradient_gb", 1}, {"global_batch", 100}}}};
  const sim::Mix mix = build(two_in_two_zones(given)).experiment.mixes[0];
  // Two ranks pass 2 · (2 − 1)/2 = 1 GB over a boundary in each of 7,200 steps an hour.
  CHECK(mix.surroundings.cross_zone_per_boundary == usd_per_hour(7200 * 2 * 0.01));
  json dearer = given;
  dearer["market"]["transfer"]["between_zones_usd_per_gb"] = 0.02;
  CHECK(build(two_in_two_zones(dearer)).experiment.mixes[0].surroundings.cross_zone_per_boundary ==
        usd_per_hour(7200 * 2 * 0.02));
}

TEST_CASE("A gang in one zone pays for no traffic and a mix without a model says what is left out") {
  const json given = {{"workload", {{"gradient_gb", 1}, {"global_batch", 100}}}};
  json scenario = two_in_two_zones(given);
  scenario["mixes"][0]["launch"]["single_zone"] = true;
  CHECK(build(scenario).experiment.mixes[0].surroundings.cross_zone_per_boundary == HourlyPrice{});
  const std::vector<std::string> warnings = warnings_of(two_in_two_zones(json::object()));
  CHECK(says(warnings,
             "the traffic of gradients between zones is not charged: their size is not known "
             "(workload.gradient_gb gives it)"));
  CHECK(says(warnings, "training in several zones is taken to be as fast as in one"));
}

TEST_CASE("Training in several zones is slower by the model's step or as the scenario says") {
  const auto speed = [](const json& more) {
    json scenario = two_in_two_zones({{"workload", {{"model", "resnet50"}, {"global_batch", 128}}}});
    scenario.merge_patch(more);
    return build(scenario).experiment.mixes[0].surroundings.cross_zone_speed;
  };
  const double by_delay = speed(json::object());
  CHECK(by_delay < 1);
  CHECK(by_delay > 0.3);
  const double by_bandwidth = speed({{"market", {{"transfer", {{"between_zones_gb_per_s", 0.1}}}}}});
  CHECK(by_bandwidth < by_delay);
  json given = two_in_two_zones(json::object());
  given["mixes"][0]["cross_zone_speed"] = 0.5;
  CHECK(build(given).experiment.mixes[0].surroundings.cross_zone_speed == 0.5);
}

TEST_CASE("Spot that nothing takes away is warned of unless a hazard or a trace says something") {
  const std::string warning = "mixes[0]: nothing takes its spot instances away: ";
  CHECK(says(warnings_of(json::object()), warning));
  CHECK_FALSE(says(warnings_of(hazard(0.1)), warning));
  CHECK_FALSE(says(warnings_of(hazard(0)), warning));
  CHECK_FALSE(says(warnings_of(mix_with("policy", "on_demand")), warning));
  CHECK(build(json::object()).details[0].nothing_interrupts);
  CHECK_FALSE(build(hazard(0)).details[0].nothing_interrupts);
  CHECK_FALSE(build(mix_with("policy", "on_demand")).details[0].nothing_interrupts);
}

TEST_CASE("a region in which nothing is bought is warned of") {
  CHECK(says(warnings_of({{"market", {{"region", "us-west-2"}}}}),
             "nothing is bought in us-west-2: the zones that the mixes use are in \"us-east-1\""));
  CHECK_FALSE(says(warnings_of({{"market", {{"region", "us-east-1"}}}}), "nothing is bought"));
}

TEST_CASE("A quota holds in each region by itself", "[rule 15]") {
  const json market = json::parse(R"({"market": {
    "quotas": [{"family_class": "p", "spot_vcpus": 16}],
    "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
              {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 0.9},
              {"instance": "p3.2xlarge", "zone": "us-west-2a", "spot_usd_per_h": 0.9}]}})");
  const sim::Market made = build(market).experiment.market;
  REQUIRE(made.quotas.size() == 2);
  CHECK(made.pools[0].quota == made.pools[1].quota);
  CHECK(made.pools[0].quota != made.pools[2].quota);
}

TEST_CASE(
    "Instances of two types train at the pace of the slower or take shares in proportion to their speed") {
  // Two types with networks of the same rate.
  const auto rate = [](const json& more) {
    json scenario = json::parse(R"({
      "workload": {"samples": 360000, "samples_per_s": null, "model": "resnet50", "global_batch": 128},
      "market": {"pools": [{"instance": "g5.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
                           {"instance": "g4dn.xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.2}]},
      "mixes": [{"name": "spot", "groups": [{"instance": "g5.2xlarge"}, {"instance": "g4dn.xlarge"}]}]})");
    scenario.merge_patch(more);
    return *build(scenario).details[0].samples_per_s;
  };
  const double equal = rate(json::object());
  const double proportional = rate({{"workload", {{"shares", "proportional"}}}});
  const json slow = json::parse(R"([{"name": "spot", "groups": [{"instance": "g4dn.xlarge", "count": 2}]}])");
  const double two_slow = rate({{"mixes", slow}});
  const json fast = json::parse(R"([{"name": "spot", "groups": [{"instance": "g5.2xlarge", "count": 2}]}])");
  // With equal shares the fast one waits; in proportion the two do more than two slow ones, and less than two
  // fast ones.
  CHECK(equal == Approx(two_slow).epsilon(0.15));
  CHECK(proportional > equal * 1.1);
  CHECK(proportional < rate({{"mixes", fast}}));
}

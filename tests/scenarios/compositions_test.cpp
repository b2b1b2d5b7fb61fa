// Mixes of several instance types train at the rate of the instances that run (rule 16).
#include <algorithm>

#include "scenarios/importers/fleets.h"
#include "sim/batch/batch.h"
#include "tests/scenarios/small_scenario.h"

using namespace spotmix;
using namespace spotmix::tests;

namespace {

/// A V100 at $0.90 and a T4 at $0.15 an hour, on which a model of this name trains.
json of_model(const char* model, json groups) {
  json document = json::parse(R"({"name": "small", "replications": 20,
    "workload": {"precision": "fp16", "optimizer": "adam", "global_batch": 64, "samples": 2e6},
    "market": {"start": "2023-03-01", "interruptions": {"hazard": {"per_hour": 0.05}}, "pools": [
      {"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
      {"instance": "g4dn.xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.15}]},
    "mixes": [{"name": "m"}]})");
  document["workload"]["model"] = model;
  document["mixes"][0]["groups"] = std::move(groups);
  return document;
}

json any_of(std::vector<const char*> names, int count = 1) {
  json group = {{"count", count}};
  for (const char* name : names) group["instances"].push_back({{"instance", name}});
  return json::array({group});
}

BuiltExperiment built_from(const json& document) {
  return built(parse_scenario("small.json", document.dump(), shipped()));
}

sim::MixResult result_of(const json& document) {
  return sim::run_batch(built_from(document).experiment).mixes[0];
}

/// Both types at given rates, in one group of two.
json at_given_rates(json rates, const json& more = json::object()) {
  json document = of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge"}, 2));
  document["workload"] = {{"samples", 3600000}, {"gradient_gb", 0}, {"samples_per_s", std::move(rates)}};
  document["mixes"][0]["recovery"]["checkpoint"]["size_gb"] = 1;
  document.merge_patch(more);
  return document;
}

json rate(json cluster, double samples_per_s) {
  return {{"cluster", std::move(cluster)}, {"samples_per_s", samples_per_s}, {"source", "test"}};
}

/// Relative to two V100.
double speed(const sim::Mix& mix, std::vector<int> counts) {
  for (const sim::Compositions::Entry& entry : mix.compositions.entries()) {
    if (entry.counts == counts) return entry.composition.speed;
  }
  return -1;
}

std::string first_problem(const json& document) {
  const Result<Scenario> scenario = parse_scenario("small.json", document.dump(), shipped());
  if (!scenario) return to_line(scenario.problems.front());
  const Result<BuiltExperiment> result = build_experiment(*scenario.value, shipped());
  return result ? "" : to_line(result.problems.front());
}

Problems warnings_of(const json& document) {
  const Result<Scenario> scenario = parse_scenario("small.json", document.dump(), shipped());
  REQUIRE(scenario);
  return build_experiment(*scenario.value, shipped()).warnings;
}

}  // namespace

TEST_CASE("A group that buys the cheaper type answers as a group of that type", "[rule 16]") {
  const sim::MixResult either = result_of(of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge"})));
  const sim::MixResult cheap = result_of(of_model("resnet50", any_of({"g4dn.xlarge"})));
  const sim::MixResult fast = result_of(of_model("resnet50", any_of({"p3.2xlarge"})));
  CHECK(either.time_to_train_s->mean == Approx(cheap.time_to_train_s->mean).epsilon(1e-6));
  CHECK(either.cost_usd->mean == Approx(cheap.cost_usd->mean).epsilon(1e-5));
  CHECK(either.time_to_train_s->mean > 2 * fast.time_to_train_s->mean);
}

TEST_CASE("The order in which a group lists its types changes nothing that it buys by price", "[rule 16]") {
  const sim::MixResult one = result_of(of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge"}, 3)));
  const sim::MixResult other = result_of(of_model("resnet50", any_of({"g4dn.xlarge", "p3.2xlarge"}, 3)));
  CHECK(one.time_to_train_s->mean == Approx(other.time_to_train_s->mean).epsilon(1e-6));
  CHECK(one.cost_usd->mean == Approx(other.cost_usd->mean).epsilon(1e-5));
}

TEST_CASE("A type that the model does not fit on is not bought where another is listed", "[rule 16]") {
  // Adam's state of 1.3 billion parameters needs more than a T4's 16 GB.
  const auto with = [](std::vector<const char*> names) {
    json document = of_model("gpt3-1.3b", any_of(std::move(names)));
    document["market"]["pools"].push_back(
        {{"instance", "p4d.24xlarge"}, {"zone", "us-east-1a"}, {"spot_usd_per_h", 12}});
    document["workload"]["sequence_length"] = 1024;
    document["workload"]["samples"] = 20000;
    return document;
  };
  CHECK(built_from(with({"g4dn.xlarge"})).experiment.mixes[0].infeasible_reason);
  const sim::MixResult either = result_of(with({"g4dn.xlarge", "p4d.24xlarge"}));
  const sim::MixResult alone = result_of(with({"p4d.24xlarge"}));
  CHECK_FALSE(either.infeasible_reason);
  CHECK(either.time_to_train_s->mean == Approx(alone.time_to_train_s->mean));
  CHECK(either.cost_usd->mean == Approx(alone.cost_usd->mean));
  CHECK(built_from(with({"g4dn.xlarge", "p4d.24xlarge"})).details[0].rates.find("g4dn.xlarge cannot train") !=
        std::string::npos);
}

TEST_CASE("A mixed cluster is no faster than the slower of its devices", "[rule 16]") {
  // By peak an L4 is faster than an A10G, by bandwidth, which counts here, slower.
  const auto rate_of = [](json groups) {
    json document = of_model("bert-large", std::move(groups));
    for (const char* name : {"g5.12xlarge", "g6.12xlarge"})
      document["market"]["pools"].push_back(
          {{"instance", name}, {"zone", "us-east-1a"}, {"spot_usd_per_h", 1}});
    document["workload"]["global_batch"] = 512;
    return *built_from(document).details[0].samples_per_s;
  };
  const auto cluster = [](int g5, int g6) {
    json groups = json::array();
    if (g5 > 0) groups.push_back({{"instance", "g5.12xlarge"}, {"count", g5}});
    if (g6 > 0) groups.push_back({{"instance", "g6.12xlarge"}, {"count", g6}});
    return groups;
  };
  const double slower = std::min(rate_of(cluster(4, 0)), rate_of(cluster(0, 4)));
  for (int g5 = 1; g5 < 4; ++g5) CHECK(rate_of(cluster(g5, 4 - g5)) <= slower * (1 + 1e-9));
}

TEST_CASE("With equal shares a cluster trains at its slowest device's pace and else at the sum of all") {
  const json rates = {rate({{"p3.2xlarge", 2}}, 200), rate({{"g4dn.xlarge", 2}}, 60)};
  const sim::Mix equal = built_from(at_given_rates(rates)).experiment.mixes[0];
  CHECK(speed(equal, {2, 0}) == Approx(1));
  CHECK(speed(equal, {1, 1}) == Approx(0.3));
  CHECK(speed(equal, {0, 2}) == Approx(0.3));
  const sim::Mix proportional =
      built_from(at_given_rates(rates, {{"workload", {{"shares", "proportional"}}}})).experiment.mixes[0];
  CHECK(speed(proportional, {1, 1}) == Approx(0.65));
}

TEST_CASE("A rate that is given for a composition is taken") {
  const json rates = {rate({{"p3.2xlarge", 2}}, 200), rate({{"g4dn.xlarge", 2}}, 60),
                      rate({{"p3.2xlarge", 1}, {"g4dn.xlarge", 1}}, 70)};
  const BuiltExperiment made = built_from(at_given_rates(rates));
  CHECK(speed(made.experiment.mixes[0], {1, 1}) == Approx(0.35));
  CHECK(made.details[0].rates ==
        "2 × p3.2xlarge 200/s, 2 × g4dn.xlarge 60/s, 1 × g4dn.xlarge + 1 × p3.2xlarge 70/s");
}

TEST_CASE("A type without a rate is an error unless its weight says what it does") {
  const json rates = {rate({{"p3.2xlarge", 2}}, 200)};
  CHECK(
      first_problem(at_given_rates(rates)) ==
      "small.json: workload.samples_per_s: found no rate of g4dn.xlarge, expected one of some cluster of it: "
      "mixes[0] may run on it");
  json weighted = at_given_rates(rates);
  weighted["mixes"][0]["groups"][0]["instances"] = {{{"instance", "p3.2xlarge"}, {"weight", 2}},
                                                    {{"instance", "g4dn.xlarge"}}};
  weighted["mixes"][0]["groups"][0]["count"] = 4;
  CHECK(speed(built_from(weighted).experiment.mixes[0], {0, 4}) == Approx(1));
  const Problems warnings = warnings_of(weighted);
  CHECK(std::any_of(warnings.begin(), warnings.end(), [](const Problem& warning) {
    return warning.message.starts_with(
        "found no rate of g4dn.xlarge: by its weight it trains as 0.5 times p3.2xlarge");
  }));
}

TEST_CASE("An elastic gang of several types has a rate for whatever is left of it") {
  json document = of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge"}, 2));
  document["mixes"][0]["gang"] = {{"kind", "elastic"}};
  document["workload"]["global_batch"] = 4096;  // large enough that the network does not matter
  const sim::Mix mix = built_from(document).experiment.mixes[0];
  for (const std::vector<int>& counts : std::vector<std::vector<int>>{{1, 0}, {0, 1}, {2, 0}, {1, 1}, {0, 2}})
    CHECK(speed(mix, counts) > 0);
  CHECK(speed(mix, {1, 0}) < 1);
  CHECK(speed(mix, {1, 1}) < speed(mix, {2, 0}));
  document["mixes"][0]["gang"]["speed"] = {0, 0.5, 1};
  CHECK(
      first_problem(document).starts_with("small.json: mixes[0].gang.speed: found speeds by size, expected "
                                          "none: the mix's instance types train at "
                                          "rates of their own"));
}

TEST_CASE("What types and units make too many compositions of is refused") {
  json document = of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge", "g5.xlarge", "g5.2xlarge",
                                               "g4dn.2xlarge", "p2.xlarge", "g6.xlarge", "g6.2xlarge"},
                                              40));
  document["mixes"][0]["groups"][0]["purchase"] = "on_demand";
  CHECK(first_problem(document) ==
        "small.json: mixes[0].groups: found 8 instance types that the mix's 40 units may be of in more than "
        "2000 "
        "ways, each of which trains at a rate of its own, expected fewer types or a lower count");
}

TEST_CASE("Checkpoints are written at the bandwidth of the instances that run") {
  // Baselines to block storage: 1.75 Gbit/s of a p3.2xlarge, less of a g4dn.xlarge.
  const sim::Mix mix =
      built_from(of_model("resnet50", any_of({"p3.2xlarge", "g4dn.xlarge"}))).experiment.mixes[0];
  const auto write_alone = [](const char* name) {
    return built_from(of_model("resnet50", any_of({name}))).experiment.mixes[0].recovery.checkpoint.write;
  };
  for (const sim::Compositions::Entry& entry : mix.compositions.entries()) {
    const bool first = entry.counts == std::vector<int>{1, 0};
    CHECK(entry.composition.checkpoint.write == write_alone(first ? "p3.2xlarge" : "g4dn.xlarge"));
  }
  CHECK(write_alone("p3.2xlarge") != write_alone("g4dn.xlarge"));
}

TEST_CASE("An imported Auto Scaling group of a fast and a slow type answers like the groups written out") {
  const char* const text =
      R"({"AutoScalingGroupName": "any", "DesiredCapacity": 2, "MinSize": 2, "MaxSize": 2,
    "AvailabilityZones": ["us-east-1a"], "MixedInstancesPolicy": {
      "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "1"},
        "Overrides": [{"InstanceType": "p3.2xlarge"}, {"InstanceType": "g4dn.xlarge"}]},
      "InstancesDistribution": {"OnDemandBaseCapacity": 0, "OnDemandPercentageAboveBaseCapacity": 0,
        "SpotAllocationStrategy": "lowest-price"}}})";
  const ImportedFile file{"asg.json", "asg", text};
  const Result<Imported> imported = import_fleets({&file, 1}, {});
  REQUIRE(imported);
  const json mix = json::parse(imported.value->text)["mixes"][0];
  json document = of_model("resnet50", mix["groups"]);
  document["mixes"][0]["launch"] = mix.value("launch", json::object());
  const sim::MixResult from_group = result_of(document);
  const sim::MixResult slow = result_of(of_model("resnet50", any_of({"g4dn.xlarge"}, 2)));
  CHECK(from_group.time_to_train_s->mean == Approx(slow.time_to_train_s->mean).epsilon(1e-6));
  CHECK(from_group.cost_usd->mean == Approx(slow.cost_usd->mean).epsilon(1e-5));
}

// Instance types of the scenario's own: what the catalogue does not sell trains as its hardware says.
#include "scenarios/experiment/own_types.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "scenarios/scenario.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/scratch.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

json eight_b200() {
  return {{"device", "B200"},           {"devices", 8}, {"link", "nvswitch"},
          {"network_gbit_per_s", 3200}, {"vcpus", 192}, {"memory_gib", 2048}};
}

/// `count` instances of a type of its own, on demand in one zone.
json scenario_with(const json& hardware, int count = 2) {
  json document = json::parse(R"({"name": "own",
    "workload": {"model": "llama3-8b", "precision": "bf16", "fused_attention": true, "sequence_length": 4096,
                 "global_batch": 64, "samples": 64000},
    "market": {"start": "2026-01-01", "pools": [
      {"instance": "box-8g", "zone": "us-central1-a", "on_demand_usd_per_h": 80, "spot_usd_per_h": 30}]},
    "mixes": [{"name": "m", "policy": "on_demand", "groups": [
      {"instance": "box-8g", "purchase": "on_demand"}]}]})");
  document["mixes"][0]["groups"][0]["count"] = count;
  if (!hardware.is_null()) document["market"]["pools"][0]["hardware"] = hardware;
  return document;
}

Result<Scenario> parse(const json& document, const std::filesystem::path& file = "own.json") {
  return parse_scenario(file, document.dump(), tests::shipped());
}

double samples_per_s(const json& document) {
  return tests::built(parse(document)).details[0].samples_per_s.value();
}

std::vector<std::string> problems_of(const json& document) {
  std::vector<std::string> lines;
  for (const Problem& problem : parse(document).problems) lines.push_back(to_line(problem));
  return lines;
}

}  // namespace

TEST_CASE("A type that the catalogue lacks trains as its hardware says") {
  const double one = samples_per_s(scenario_with(eight_b200(), 1));
  const double two = samples_per_s(scenario_with(eight_b200(), 2));
  CHECK(two > 1.7 * one);
  json slow = eight_b200();
  slow["network_gbit_per_s"] = 10;
  CHECK(samples_per_s(scenario_with(slow, 2)) < one);
}

TEST_CASE("An answer says that the hardware was given and its transport assumed") {
  const auto sources = tests::built(parse(scenario_with(eight_b200()))).details[0].sources;
  const auto from = [&](const std::string& figure) {
    const auto found = std::find_if(sources.begin(), sources.end(),
                                    [&](const models::Source& source) { return source.figure == figure; });
    return found == sources.end() ? "" : std::string(name_of(found->kind)) + ": " + found->from;
  };
  CHECK(from("hardware of box-8g") == "given: market.pools[0].hardware");
  CHECK(from("transport of box-8g") == "assumed: infiniband");
}

TEST_CASE("A type of the catalogue written out as hardware trains at the same speed") {
  json known = scenario_with(nullptr, 1);
  known["market"]["pools"][0]["instance"] = "p5.48xlarge";
  known["mixes"][0]["groups"][0]["instance"] = "p5.48xlarge";
  const json hardware = {{"device", "H100-SXM"}, {"devices", 8}, {"network_gbit_per_s", 3200}};
  CHECK(samples_per_s(scenario_with(hardware, 1)) == Approx(samples_per_s(known)));
}

TEST_CASE("Every device that ships can be the device of a type of one's own") {
  for (const std::string& name : models::device_names()) {
    INFO(name);
    json document = scenario_with({{"device", name}, {"devices", 2}}, 1);
    document["workload"] = {
        {"model", "resnet50"}, {"precision", "fp32"}, {"global_batch", 32}, {"samples", 3200}};
    const Result<Scenario> scenario = parse(document);
    for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
    REQUIRE(scenario);
    CHECK(build_experiment(*scenario.value, tests::shipped()));
  }
}

TEST_CASE("The link between the devices of a type of one's own may be another than usual") {
  json slots = eight_b200();
  slots["link"] = "pcie";
  CHECK(samples_per_s(scenario_with(slots, 1)) < samples_per_s(scenario_with(eight_b200(), 1)));
}

TEST_CASE("Types of one's own may stand in a file") {
  const tests::Scratch scratch;
  scratch.write("types.json",
                json({{"instance_types", {{{"instance", "box-8g"}, {"hardware", eight_b200()}}}}}).dump());
  json document = scenario_with(nullptr);
  document["market"]["instance_types"] = "types.json";
  const Result<Scenario> scenario = parse(document, scratch / "own.json");
  CHECK(tests::built(scenario).details[0].samples_per_s == samples_per_s(scenario_with(eight_b200())));

  scratch.write(
      "types.json",
      R"({"instance_types": [{"instance": "box-8g", "hardware": {"device": "B2000", "gpus": 8}}]})");
  const Problems problems = parse(document, scratch / "own.json").problems;
  const std::string start = (scratch / "own.json").string() +
                            ": market.instance_types: " + (scratch / "types.json").string() +
                            ": instance_types[0].hardware.";
  REQUIRE(problems.size() == 2);
  CHECK(to_line(problems[0]).starts_with(start + "gpus: found "));
  CHECK(to_line(problems[1])
            .starts_with(start +
                         "device: found \"B2000\", expected an accelerator that spotmix knows: one of "));
  CHECK(to_line(problems[1]).ends_with("; did you mean \"B200\"?"));

  document["market"]["instance_types"] = "gone.json";
  const Problems gone = parse(document, scratch / "own.json").problems;
  REQUIRE(gone.size() == 1);
  CHECK(to_line(gone[0]).ends_with("gone.json: found no such file, expected a readable one"));
}

TEST_CASE("Impossible hardware is reported once") {
  json hardware = eight_b200();
  hardware["link"] = "nvlink_mesh";
  CHECK(problems_of(scenario_with(hardware)) ==
        std::vector<std::string>{
            "own.json: market.pools[0].hardware.link: found \"nvlink_mesh\", expected another: "
            "only up to eight P100 or V100 SXM devices are connected by a mesh"});
  hardware["link"] = "none";
  CHECK(problems_of(scenario_with(hardware)) ==
        std::vector<std::string>{"own.json: market.pools[0].hardware.link: found \"none\", expected another: "
                                 "several devices have a link between them"});
  json twice = scenario_with(eight_b200());
  twice["market"]["pools"].push_back(twice["market"]["pools"][0]);
  twice["market"]["pools"][1]["zone"] = "us-central1-b";
  CHECK(problems_of(twice).empty());
  twice["market"]["pools"][1]["hardware"]["devices"] = 4;
  CHECK(problems_of(twice) ==
        std::vector<std::string>{
            "own.json: market.pools[1].hardware: found other hardware of box-8g than own.json: "
            "market.pools[0].hardware says, expected it once or the same"});
}

TEST_CASE("A type of one's own needs a price and several instances need a network") {
  json document = scenario_with(eight_b200());
  document["market"]["pools"][0].erase("on_demand_usd_per_h");
  const auto message_of = [](const json& scenario) {
    const Result<Scenario> read = parse(scenario);
    const Problems problems = read ? build_experiment(*read.value, tests::shipped()).problems : read.problems;
    return problems.empty() ? "" : to_line(problems.front());
  };
  CHECK(message_of(document) ==
        "own.json: mixes[0].groups[0]: found box-8g in us-central1-a, whose on-demand price is not known, "
        "expected "
        "one: give it under market.on_demand_usd_per_h");
  json alone = eight_b200();
  alone.erase("network_gbit_per_s");
  CHECK(message_of(scenario_with(alone, 1)).empty());
  CHECK(message_of(scenario_with(alone, 2)).find("the network bandwidth of box-8g is not known") !=
        std::string::npos);
  CHECK(message_of(scenario_with(nullptr))
            .find("box-8g is not in the catalogue, and market.pools says nothing of its "
                  "\"hardware\"") != std::string::npos);
}

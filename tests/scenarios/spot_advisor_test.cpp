// The Spot Advisor's bands as data: AWS's own file, what `spotmix import` makes of it, and the excerpt that
// is part of the program.
#include "scenarios/provider/spot_advisor.h"

#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/build.h"
#include "scenarios/import.h"
#include "scenarios/provider/provider.h"
#include "scenarios/scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const char* const kAws = R"({"instance_types": {"c5.large": {"emr": true, "cores": 2, "ram_gb": 4.0}},
  "ranges": [{"index": 0, "label": "<5%", "dots": 0, "max": 5}, {"index": 1, "label": "5-10%", "dots": 1, "max": 11},
             {"index": 2, "label": "10-15%", "dots": 2, "max": 16}, {"index": 3, "label": "15-20%", "dots": 3, "max": 22},
             {"index": 4, "label": ">20%", "dots": 4, "max": 100}],
  "spot_advisor": {
    "us-east-1": {"Linux": {"p3.2xlarge": {"s": 56, "r": 4}, "c5.large": {"s": 60, "r": 1}},
                  "Windows": {"p3.2xlarge": {"s": 30, "r": 2}}},
    "us-west-2": {"Linux": {"p3.2xlarge": {"s": 70, "r": 0}}}},
  "global_rate": "<10%"})";

fs::path input(const std::string& name, const std::string& text) {
  const fs::path folder = fs::path(SPOTMIX_BINARY_DIR) / "scratch-advisor";
  fs::create_directories(folder);
  std::ofstream(folder / name, std::ios::binary) << text;
  return folder / name;
}

std::string refused_advisor(const std::string& text) {
  const Result<SpotAdvisor> result = parse_spot_advisor("a.json", text);
  CHECK_FALSE(result);
  return result.problems.empty() ? "" : to_line(result.problems.front());
}

std::string with(const char* from, const char* to) {
  std::string text = kAws;
  text.replace(text.find(from), std::string(from).size(), to);
  return text;
}

/// One spot mix over the zones, under these settings of the hazard.
json scenario(const json& hazard, const json& zones) {
  json pools = json::array();
  for (const json& zone : zones)
    pools.push_back({{"instance", "p3.2xlarge"}, {"zone", zone}, {"spot_usd_per_h", 0.9}});
  return {{"name", "x"},
          {"workload", json::parse(R"({"samples": 360000, "samples_per_s":
              [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]})")},
          {"market", {{"start", "2023-03-01"}, {"interruptions", {{"hazard", hazard}}}, {"pools", pools}}},
          {"mixes", json::parse(R"([{"name": "spot", "groups": [{"instance": "p3.2xlarge"}],
              "recovery": {"checkpoint": {"size_gb": 1}}}])")}};
}

struct Built {
  sim::Experiment experiment;
  std::string complaint;
};

Built build_advised(const json& document) {
  const fs::path file = fs::path(SPOTMIX_BINARY_DIR) / "scratch-advisor" / "scenario.json";
  const Result<Scenario> read = parse_scenario(file, document.dump(), tests::shipped());
  Problems problems = read.problems;
  Built built;
  if (read) {
    Result<BuiltExperiment> result = build_experiment(*read.value, tests::shipped());
    problems = result.problems;
    if (result) built.experiment = std::move(result.value->experiment);
  }
  if (!problems.empty()) built.complaint = problems.front().where + ": " + problems.front().message;
  return built;
}

double per_hour(const sim::Experiment& experiment, std::size_t mix, std::size_t pool = 0) {
  return 1 / experiment.market.pools[experiment.mixes[mix].groups[0].pools[pool]].lifetime->mean_hours();
}

}  // namespace

TEST_CASE("AWS's own file is read by region and operating system and comes back as ours") {
  const Result<SpotAdvisor> read = parse_spot_advisor("aws.json", kAws);
  REQUIRE(read);
  const auto& regions = read.value->regions;
  CHECK(regions.at("us-east-1").at("linux").at("p3.2xlarge") == AdvisorBand::above_20);
  CHECK(regions.at("us-east-1").at("windows").at("p3.2xlarge") == AdvisorBand::from_10_to_15);
  CHECK(regions.at("us-west-2").at("linux").at("p3.2xlarge") == AdvisorBand::below_5);
  const Result<Imported> imported = import_files({input("aws.json", kAws)}, {});
  REQUIRE(imported);
  CHECK(imported.value->summary[0] == "us-east-1: 2 linux instance types, 1 windows instance types");
  const Result<SpotAdvisor> again = parse_spot_advisor("ours.json", imported.value->text);
  REQUIRE(again);
  CHECK(again.value->regions == regions);
}

TEST_CASE("a broken file of the Spot Advisor is refused with its place") {
  CHECK(refused_advisor(with("\"r\": 4", "\"r\": 7")) ==
        "a.json: spot_advisor.us-east-1.Linux.p3.2xlarge.r: found 7, expected the number of a band, 0 to 4");
  CHECK(refused_advisor(with("\"10-15%\"", "\"10-12%\"")) ==
        "a.json: ranges[2]: found the band \"10-12%\" as number 2, expected one of \"<5%\" as 0 to \">20%\" "
        "as 4");
  CHECK(refused_advisor(with("\"Windows\"", "\"Plan9\"")) ==
        "a.json: spot_advisor.us-east-1.Plan9: found \"Plan9\", expected \"linux\" or \"windows\"");
  CHECK(refused_advisor("{\"spotmix_spot_advisor\": 1}") ==
        "a.json: regions: found no regions, expected an object of them");
  CHECK(refused_advisor(
            "{\"spotmix_spot_advisor\": 1, \"regions\": {\"r\": {\"linux\": {\"5-10 %\": [\"a\"]}}}}") ==
        "a.json: regions.r.linux.5-10 %: found \"5-10 %\", expected one of \"<5%\", \"5-10%\", \"10-15%\", "
        "\"15-20%\", \">20%\"");
  CHECK(refused_advisor("[1]") ==
        "a.json: found something else, expected the Spot Advisor's spot-advisor-data.json");
}

TEST_CASE("the program's excerpt has the catalogue's types and says where it is from") {
  const SpotAdvisor& advisor = tests::shipped().spot_advisor;
  CHECK(advisor.licence == "Apache-2.0");
  CHECK(advisor.source.find("June 2025") != std::string::npos);
  CHECK(advisor.regions.size() > 25);
  const BandsByInstance& bands = advisor.regions.at("us-east-1").at("linux");
  CHECK(bands.at("p3.2xlarge") == AdvisorBand::above_20);
  CHECK(bands.at("g4dn.12xlarge") == AdvisorBand::from_10_to_15);
  for (const auto& [region, systems] : advisor.regions) {
    for (const auto& [system, types] : systems) {
      for (const auto& [instance, band] : types) CHECK(tests::shipped().find(instance) != nullptr);
    }
  }
}

TEST_CASE("the excerpt is what AWS's file says") {
  const fs::path raw = fs::path(SPOTMIX_SOURCE_DIR) / ".." / "shared" / "data" / "prices" /
                       "spot-advisor-data_2025-06.json.gz";
  if (!fs::exists(raw)) {
    WARN("left out: the Spot Advisor's file is not beside the project");
    return;
  }
  const Result<SpotAdvisor> read = read_spot_advisor(raw);
  REQUIRE(read);
  std::size_t entries = 0;
  for (const auto& [region, systems] : tests::shipped().spot_advisor.regions) {
    for (const auto& [system, types] : systems) {
      for (const auto& [instance, band] : types) {
        REQUIRE(read.value->regions.at(region).at(system).at(instance) == band);
        ++entries;
      }
    }
  }
  CHECK(entries > 3000);
}

TEST_CASE("A scenario takes the low and middle and high bands of each pool's region from a file",
          "[rule 20]") {
  input("aws.json", kAws);
  const json hazard = {{"spot_advisor_data", "aws.json"}, {"spot_advisor_highest_percent", 40}};
  const sim::Experiment e = build_advised(scenario(hazard, {"us-east-1a", "us-west-2b"})).experiment;
  REQUIRE(e.mixes.size() == 3);
  CHECK(e.mixes[0].name == "spot (0/20 %/month)");
  CHECK(e.mixes[1].name == "spot (2.5/30 %/month)");
  CHECK(e.mixes[2].name == "spot (5/40 %/month)");
  CHECK(per_hour(e, 1, 0) == Approx(-std::log(1 - 0.30) / 730));
  CHECK(per_hour(e, 1, 1) == Approx(-std::log(1 - 0.025) / 730));
  json windows = hazard;
  windows["spot_advisor_system"] = "windows";
  CHECK(build_advised(scenario(windows, {"us-east-1a"})).experiment.mixes[0].name == "spot (10 %/month)");
}

TEST_CASE("a mix that names no zones is in the bands of the regions that its traces are of") {
  input("aws.json", kAws);
  input("west.json",
        R"({"spotmix_trace": 1, "source": "test", "pools": [{"instance": "p3.2xlarge", "zone": "us-west-2b",
            "start": "2023-03-01T00:00:00Z", "end": "2023-03-31T00:00:00Z",
            "prices": {"after_s": [0], "usd_per_h": ["0.9"]}}]})");
  json traced = scenario({{"spot_advisor_data", "aws.json"}}, json::array());
  traced["market"].erase("pools");
  traced["market"]["prices"] = "west.json";
  const Built built = build_advised(traced);
  CHECK(built.complaint == "");
  REQUIRE(built.experiment.mixes.size() == 3);
  CHECK(built.experiment.mixes[2].name == "spot (5 %/month)");
}

TEST_CASE("what a scenario types goes before its data") {
  input("aws.json", kAws);
  const json hazard = {{"spot_advisor_data", "aws.json"}, {"spot_advisor", {{"p3.2xlarge", "5-10%"}}}};
  CHECK(build_advised(scenario(hazard, {"us-east-1a"})).experiment.mixes[0].name == "spot (5 %/month)");
}

TEST_CASE("the published excerpt needs no file") {
  const json hazard = {{"spot_advisor_data", "published"}, {"spot_advisor_highest_percent", 30}};
  CHECK(build_advised(scenario(hazard, {"us-east-1a"})).experiment.mixes[2].name == "spot (30 %/month)");
}

TEST_CASE("A pool without a band or with an endless one is refused") {
  input("aws.json", kAws);
  const json hazard = {{"spot_advisor_data", "aws.json"}};
  CHECK(build_advised(scenario(hazard, {"us-east-1a"})).complaint ==
        "market.interruptions.hazard.spot_advisor_highest_percent: found nothing, expected a percentage: "
        "p3.2xlarge in us-east-1 is in the band \">20%\", which has no published upper end");
  CHECK(build_advised(scenario(hazard, {"us-east-2a"})).complaint ==
        "market.interruptions.hazard.spot_advisor_data: found no bands of us-east-2 for linux, expected "
        "some, or "
        "the type's band under \"spot_advisor\"; did you mean \"us-west-2\"?");
  json windows = hazard;
  windows["spot_advisor_system"] = "windows";
  CHECK(build_advised(scenario(windows, {"us-west-2a"})).complaint ==
        "market.interruptions.hazard.spot_advisor_data: found no bands of us-west-2 for windows, expected "
        "some, or the type's band under \"spot_advisor\"");
  CHECK(build_advised(scenario({{"spot_advisor_data", "nowhere.json"}}, {"us-east-1a"}))
            .complaint.find("market.interruptions.hazard.spot_advisor_data: ") == 0);
  CHECK(
      build_advised(scenario({{"spot_advisor_data", "published"}, {"spot_advisor", "<5%"}}, {"us-east-1a"}))
          .complaint ==
      "market.interruptions.hazard.spot_advisor: found one band for all types besides \"spot_advisor_data\", "
      "expected bands by type or nothing");
}

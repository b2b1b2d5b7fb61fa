#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "scenarios/build.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::tests;
using models::Source;
using models::SourceKind;

namespace {

const std::filesystem::path kExamples = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios/examples";

BuiltExperiment example(const char* name) {
  return tests::built(load_scenario(kExamples / name, shipped()));
}

/// The only source of that figure.
Source source_of(const MixDetails& mix, const std::string& figure) {
  std::vector<Source> found;
  for (const Source& source : mix.sources) {
    if (source.figure == figure) found.push_back(source);
  }
  INFO(figure);
  REQUIRE(found.size() == 1);
  return found.front();
}

bool has(const MixDetails& mix, const std::string& figure) {
  return std::any_of(mix.sources.begin(), mix.sources.end(),
                     [&](const Source& source) { return source.figure == figure; });
}

}  // namespace

TEST_CASE("Spot prices and capacity of a trace name its file and its source and its licence") {
  const BuiltExperiment nine_zones = example("nine-zone-p3.json");
  for (const MixDetails& mix : nine_zones.details) {
    if (!has(mix, "spot price")) continue;
    for (const char* figure : {"spot price", "spot capacity"}) {
      const Source source = source_of(mix, figure);
      CHECK(source.kind == SourceKind::published);
      CHECK(source.from == "../data/nine-zone-p3.2xlarge-2023.json.gz");
      CHECK(source.citation.find('(') != std::string::npos);
    }
    CHECK(source_of(mix, "interruptions").from == "the spot capacity");
  }
}

TEST_CASE("an on-demand price of the catalogue says since when it is known") {
  const BuiltExperiment processors = example("processors-c5-m5.json");
  const Source price = source_of(processors.details[0], "on-demand price");
  CHECK(price.kind == SourceKind::published);
  CHECK(price.from == "the catalogue: c5.4xlarge in us-east-1 since 2022-07-05");
  CHECK(price.citation.find("karpenter") != std::string::npos);
  CHECK_FALSE(has(processors.details[0], "spot price"));
  CHECK_FALSE(has(processors.details[0], "interruptions"));
}

TEST_CASE("A price that the scenario gives is given whatever the catalogue says") {
  const json on_demand = {
      {"market", {{"on_demand_usd_per_h", {{"p3.2xlarge", 3}}}}},
      {"mixes",
       {{{"name", "on demand"}, {"groups", {{{"instance", "p3.2xlarge"}, {"purchase", "on_demand"}}}}}}}};
  const BuiltExperiment small = build(on_demand);
  CHECK(source_of(small.details[0], "on-demand price") ==
        Source{"on-demand price", SourceKind::given, "market.on_demand_usd_per_h", "the scenario", {}});
}

TEST_CASE("spot without a capacity trace says that it is assumed to be had and never taken") {
  const MixDetails spot = build({}).details[0];
  CHECK(source_of(spot, "spot price").from == "market.pools[0].spot_usd_per_h");
  CHECK(source_of(spot, "spot capacity").kind == SourceKind::assumed);
  CHECK(source_of(spot, "interruptions").from == "none");
  CHECK(source_of(spot, "interruptions").kind == SourceKind::assumed);
}

TEST_CASE("A hazard or the bands of the Spot Advisor are the source of interruptions") {
  const json hazard = {{"market", {{"interruptions", {{"hazard", {{"per_hour", 0.1}}}}}}}};
  const MixDetails drawn = build(hazard).details[0];
  CHECK(source_of(drawn, "interruptions").kind == SourceKind::given);
  const BuiltExperiment advisor = example("spot-advisor.json");
  for (const MixDetails& mix : advisor.details) {
    if (has(mix, "spot price")) CHECK(source_of(mix, "interruptions").kind == SourceKind::published);
  }
}

TEST_CASE("A setting that a scenario leaves out is an assumed default and one it states is given") {
  const MixDetails left_out = build({}).details[0];
  CHECK(source_of(left_out, "boot time") ==
        Source{"boot time", SourceKind::assumed, "360 s", "a default of spotmix (docs/scenario.md)", {}});
  CHECK(source_of(left_out, "time between checkpoints").kind == SourceKind::assumed);
  CHECK(source_of(left_out, "size of a checkpoint").kind == SourceKind::given);
  CHECK(source_of(left_out, "bandwidth of storage").from == "the catalogue: p3.2xlarge");
  const MixDetails said = build(mix_with("launch", {{"boot_s", 30}})).details[0];
  CHECK(source_of(said, "boot time") ==
        Source{"boot time", SourceKind::given, "mixes[0].launch.boot_s", "the scenario", {}});
}

TEST_CASE(
    "A computed rate says which kernels and layers and links it rests on with the error of the kernels") {
  const BuiltExperiment gang = example("gang-16.json");
  for (const MixDetails& mix : gang.details) {
    if (!mix.step) continue;
    const Source products = source_of(mix, "matrix products");
    CHECK(products.kind != SourceKind::given);
    CHECK(products.citation.find('(') != std::string::npos);
    CHECK(has(mix, "layers"));
    CHECK(has(mix, "memory of a device"));
    CHECK(has(mix, "collectives between instances"));
  }
}

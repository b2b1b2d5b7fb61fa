#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

namespace {

const std::string kNineZones = SPOTMIX_SOURCE_DIR "/scenarios/examples/nine-zone-p3.json";

}  // namespace

TEST_CASE("explain prints per mix the step object of the result and its layers") {
  const json document = json::parse(run_spotmix({"explain", kNineZones, "--format", "json"}).out);
  const json result =
      json::parse(run_spotmix({"run", kNineZones, "--format", "json", "--replications", "2"}).out);
  REQUIRE(document["mixes"].size() == result["mixes"].size());
  for (std::size_t i = 0; i < document["mixes"].size(); ++i) {
    CHECK(document["mixes"][i]["step"] == result["mixes"][i]["step"]);
    CHECK(document["mixes"][i]["layers"].size() > 50);  // ResNet-50's convolutions
    CHECK(!document["mixes"][i]["sources"].empty());
  }
}

TEST_CASE("the table of explain names the parts of the step") {
  const Ran ran = run_spotmix({"explain", kNineZones});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err == "");
  for (const char* part : {"one step", "compute", "exposed communication", "samples per second", "layer"}) {
    CHECK(ran.out.find(part) != std::string::npos);
  }
}

TEST_CASE("the catalogue lists instance types with the price of a region") {
  const json document = json::parse(run_spotmix({"catalog", "p3.2xlarge", "--format", "json"}).out);
  REQUIRE(document["instances"].size() == 1);
  CHECK(document["instances"][0]["on_demand_usd_per_h"] == 3.06);
  CHECK(document["instances"][0]["on_demand_source"].is_string());
  CHECK(run_spotmix({"catalog", "--format", "csv"}).out.starts_with("instance,vcpu,memory_gib,"));
  CHECK(run_spotmix({"catalog"}).out.find("p4d.24xlarge") != std::string::npos);
}

TEST_CASE("an instance type or a region that is none is refused with the nearest") {
  const Ran ran = run_spotmix({"catalog", "p3.2xlarg3"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("did you mean \"p3.2xlarge\"?") != std::string::npos);
  CHECK(run_spotmix({"catalog", "--region", "us-east-9"}).exit_code == 2);
}

TEST_CASE("import writes a trace file that a scenario can use") {
  const Scratch scratch;
  scratch.write("prices.csv",
                "timestamp_utc,price_usd_per_hour\n2020-01-01 00:00:00,0.03\n2020-01-02 00:00:00,0.04\n");
  const Ran ran = run_spotmix({"import", "prices.csv", "--instance", "c5.large", "--zone", "us-east-1a",
                               "--end", "2020-02-01", "--out", "trace.json"},
                              scratch.path());
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find("c5.large") != std::string::npos);
  const json trace = json::parse(file_text(scratch / "trace.json").value_or("null"));
  CHECK(trace["pools"].size() == 1);
}

TEST_CASE("import of what is none writes nothing") {
  const Scratch scratch;
  scratch.write("prices.csv", "when,how much\n");
  const Ran ran = run_spotmix({"import", "prices.csv", "--out", "trace.json"}, scratch.path());
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK_FALSE(std::filesystem::exists(scratch / "trace.json"));
}

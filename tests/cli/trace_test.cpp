#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

namespace {

const std::string kBamboo = SPOTMIX_SOURCE_DIR "/scenarios/data/bamboo-p3.json";

json nine_zones() {
  return json::parse(run_spotmix({"trace", "info", kNineZoneTrace, "--format", "json", "--max-price", "1",
                                  "--max-price", "1.2"})
                         .out);
}

const json& zone(const json& document, const std::string& name) {
  for (const json& pool : document["pools"]) {
    if (pool["zone"] == name) return pool;
  }
  FAIL("no zone " << name);
  return document;
}

}  // namespace

TEST_CASE("Price is not availability: the dearest zone of 2023 was the scarcest", "[rule 19]") {
  const json document = nine_zones();
  REQUIRE(document["pools"].size() == 9);
  const json& dearest = zone(document, "us-east-1a");
  CHECK(dearest["pool"] == "p3.2xlarge us-east-1a");
  CHECK(dearest["availability"].get<double>() == Approx(0.17).margin(0.005));
  for (const char* name : {"us-west-2a", "us-west-2b", "us-west-2c"}) {
    const json& west = zone(document, name);
    CHECK(west["availability"].get<double>() == Approx(0.89).margin(0.016));
    CHECK(west["price_usd_per_h"]["min"] == 0.918);  // the floor: 30 % of 3.06
    CHECK(west["price_usd_per_h"]["p50"].get<double>() < 0.93);
  }
  for (const json& pool : document["pools"]) {
    const json& price = pool["price_usd_per_h"];
    CHECK(price["mean"] <= dearest["price_usd_per_h"]["mean"]);
    CHECK(pool["availability"] >= dearest["availability"]);
    CHECK(price["min"] <= price["p50"]);
    CHECK(price["p50"] <= price["p95"]);
    CHECK(price["p95"] <= price["max"]);
  }
}

TEST_CASE("A maximum price can only make instances scarcer", "[rule 5]") {
  for (const json& pool : nine_zones()["pools"]) {
    const json& figures = pool["interruptions_per_h"];
    REQUIRE(figures.size() == 3);
    CHECK(figures[0]["max_price_usd_per_h"].is_null());
    CHECK(figures[1]["max_price_usd_per_h"] == 1.0);
    CHECK(figures[1]["availability"] <= figures[2]["availability"]);
    CHECK(figures[2]["availability"] <= figures[0]["availability"]);
  }
}

TEST_CASE("zones of one region rise and fall together more than zones of two") {
  const json correlation = nine_zones()["correlation"];
  REQUIRE(correlation.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(correlation[i][i] == 1.0);
    for (std::size_t j = 0; j < 9; ++j) CHECK(correlation[i][j] == correlation[j][i]);
  }
  CHECK(correlation[6][7] > correlation[0][6]);  // us-west-2a with 2b, us-east-1a with us-west-2a
  CHECK(correlation[4][5] > correlation[4][8]);  // us-east-2a with 2b and with us-west-2c
}

TEST_CASE("Prices alone tell run lengths under a maximum price and how zones move together") {
  const Scratch scratch;
  scratch.write("trace.json", R"({"spotmix_trace": 1, "source": "made up", "pools": [
    {"instance": "c5.large", "zone": "us-east-1a", "start": "2020-01-01T00:00:00Z", "end": "2020-01-01T10:00:00Z",
     "prices": {"after_s": [0, 3600, 7200, 7200], "usd_per_h": ["0.05", "0.03", "0.05", "0.03"]}},
    {"instance": "c5.large", "zone": "us-east-1b", "start": "2020-01-01T00:00:00Z", "end": "2020-01-01T10:00:00Z",
     "prices": {"after_s": [0, 3600, 7200, 7200], "usd_per_h": ["0.06", "0.04", "0.06", "0.04"]}}]})");
  const Ran ran = run_spotmix({"trace", "info", "trace.json", "--format", "json", "--max-price", "0.035"},
                              scratch.path());
  const json document = json::parse(ran.out);
  const json& under = document["pools"][0]["interruptions_per_h"][1];
  CHECK(under["availability"] == 0.7);
  CHECK(under["run_lengths_h"]["available"]["mean"] == 2.0);  // 1:00 to 3:00; the one from 5:00 on is cut
  CHECK(under["run_lengths_h"]["unavailable"]["mean"] == 2.0);
  CHECK(under["per_h"].get<double>() == Approx(1 / 7.0));
  CHECK(document["pools"][0]["run_lengths_h"]["available"].is_null());
  CHECK(document["correlation"][0][1].is_null());
  CHECK(document["price_correlation"][0][1].get<double>() == Approx(1));
}

TEST_CASE("What a trace does not tell is null and a dash in the table") {
  const Scratch scratch;
  scratch.write("trace.json", R"({"spotmix_trace": 1, "source": "made up", "pools": [
    {"instance": "c5.large", "zone": "us-east-1a", "start": "2020-01-01T00:00:00Z",
     "end": "2020-01-02T00:00:00Z", "prices": {"after_s": [0], "usd_per_h": ["0.03"]}}]})");
  const Ran ran = run_spotmix({"trace", "info", "trace.json", "--format", "json"}, scratch.path());
  CHECK(ran.err == "");
  const json pool = json::parse(ran.out)["pools"][0];
  CHECK(pool["availability"].is_null());
  CHECK(pool["interruptions_per_h"][0]["per_h"].is_null());
  CHECK(pool["run_lengths_h"]["available"].is_null());
  CHECK(pool["changes_per_day"] == 0);
  CHECK(run_spotmix({"trace", "info", "trace.json"}, scratch.path()).out.find("–") != std::string::npos);
}

TEST_CASE("A trace of counts tells how many instances were lost and one of yes and no does not") {
  const Ran table = run_spotmix({"trace", "info", kBamboo});
  CHECK(table.out.find("instances, over time") != std::string::npos);
  const json counted = json::parse(run_spotmix({"trace", "info", kBamboo, "--format", "json"}).out);
  const json& instances = counted["pools"][0]["instances"];
  CHECK(instances["added"].get<int>() > 100);
  CHECK(instances["lost"].get<int>() > 100);
  CHECK(instances["lost_per_instance_h"].get<double>() > 0.1);
  const json zones = json::parse(run_spotmix({"trace", "info", kNineZoneTrace, "--format", "json"}).out);
  CHECK(zones["pools"][0]["instances"] == nullptr);
}

TEST_CASE("the table of trace info keeps to eighty columns") {
  const Ran ran = run_spotmix({"trace", "info", kNineZoneTrace, "--max-price", "1.2"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find("16.7 %") != std::string::npos);
  std::size_t columns = 0;
  for (const char c : ran.out) {
    const bool continues_a_character = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    columns = c == '\n' ? 0 : columns + (continues_a_character ? 0 : 1);
    REQUIRE(columns <= 80);
  }
}

TEST_CASE("trace info refuses what is no trace and no price") {
  const Scratch scratch;
  scratch.write("trace.json", "[]");
  CHECK(run_spotmix({"trace", "info", "trace.json"}, scratch.path()).exit_code == 2);
  CHECK(run_spotmix({"trace", "info", "nowhere.json"}, scratch.path()).exit_code == 2);
  CHECK(run_spotmix({"trace"}).exit_code == 2);
  const Ran ran = run_spotmix({"trace", "info", kNineZoneTrace, "--max-price", "cheap"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("--max-price: found \"cheap\"") != std::string::npos);
}

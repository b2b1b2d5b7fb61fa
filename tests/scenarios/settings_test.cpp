#include "scenarios/settings.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "scenarios/scenario.h"
#include "tests/approval.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

json document() {
  return json::parse(R"({"name": "small", "workload": {"precision": "fp32"}, "budget_usd": 5,
    "mixes": [{"name": "a", "groups": [{"count": 1}, {"count": 2}]}, {"name": "b", "groups": []}],
    "thresholds": {"cost_usd.mean": ["< 500"]}})");
}

json set(const std::string& setting) {
  json changed = document();
  CHECK(set_values("s.json", {setting}, changed).empty());
  return changed;
}

/// What is wrong with a setting; it changes nothing then.
std::string refused_setting(const std::string& setting) {
  json changed = document();
  const Problems problems = set_values("s.json", {setting}, changed);
  CHECK(changed == document());
  REQUIRE(problems.size() == 1);
  return to_line(problems.front());
}

}  // namespace

TEST_CASE("A setting changes the value at a path that is spelled as in messages") {
  CHECK(set("mixes[0].groups[1].count=4")["mixes"][0]["groups"][1]["count"] == 4);
  CHECK(set("mixes[1]={\"name\": \"c\"}")["mixes"][1] == json{{"name", "c"}});
  CHECK(set("workload.precision=bf16")["workload"]["precision"] == "bf16");
}

TEST_CASE("A value is JSON or else a text") {
  CHECK(set("budget_usd=null")["budget_usd"].is_null());
  CHECK(set("budget_usd=1e3")["budget_usd"] == 1000.0);
  CHECK(set("budget_usd=[1, 2]")["budget_usd"] == json::array({1, 2}));
  CHECK(set("name=\"7\"")["name"] == "7");
  CHECK(set("name=a=b c")["name"] == "a=b c");
  CHECK(set("name=")["name"] == "");
  CHECK(set("name={")["name"] == "{");
}

TEST_CASE("The last key of a path may be new") {
  CHECK(set("workload.global_batch=64")["workload"]["global_batch"] == 64);
  CHECK(set("seed=7")["seed"] == 7);
}

TEST_CASE("A metric is one key of thresholds though its name has dots") {
  CHECK(set("thresholds.cost_usd.mean[0]=< 400")["thresholds"]["cost_usd.mean"][0] == "< 400");
  CHECK(set("thresholds.a/cost_usd.p95=[\"< 9\"]")["thresholds"]["a/cost_usd.p95"][0] == "< 9");
}

TEST_CASE("Settings apply in the order given") {
  json changed = document();
  CHECK(set_values("s.json", {"workload={}", "workload.precision=bf16", "workload.precision=fp16"}, changed)
            .empty());
  CHECK(changed["workload"] == json{{"precision", "fp16"}});
}

TEST_CASE("A path to nowhere is refused with what there is and the nearest key") {
  CHECK(refused_setting("mixes[2].name=c") ==
        "s.json: --set mixes[2].name: found the index 2, but mixes has 2 items, numbered from 0");
  CHECK(
      refused_setting("mixes[1].groups[0].count=1") ==
      "s.json: --set mixes[1].groups[0].count: found the index 0, but mixes[1].groups has 0 items, numbered "
      "from 0");
  CHECK(
      refused_setting("mixes[0].gruops[0].count=1") ==
      "s.json: --set mixes[0].gruops[0].count: found no key \"gruops\" in mixes[0]; mixes[0] has \"groups\", "
      "\"name\"; did you mean \"groups\"?");
  CHECK(refused_setting("worklod.precision=bf16").find("did you mean \"workload\"?") != std::string::npos);
  CHECK(refused_setting("name.first=1") ==
        "s.json: --set name.first: found \"small\" at name, expected an object");
  CHECK(refused_setting("workload[0]=1") ==
        "s.json: --set workload[0]: found an object at workload, expected a list");
  CHECK(refused_setting("mixes.name=1") ==
        "s.json: --set mixes.name: found a list at mixes, expected an object");
}

TEST_CASE("A path that is not one is refused") {
  CHECK(refused_setting("mixes[x].name=1").find("expected an index such as [0]") != std::string::npos);
  CHECK(refused_setting("mixes[0=1").find("expected an index such as [0]") != std::string::npos);
  CHECK(refused_setting("mixes[-1].name=1").find("expected an index such as [0]") != std::string::npos);
  CHECK(refused_setting("mixes[0]name=1") ==
        "s.json: --set mixes[0]name: found \"name\" after mixes[0], expected .KEY or [INDEX]");
  CHECK(refused_setting("workload.=1").find("expected .KEY or [INDEX]") != std::string::npos);
  CHECK(refused_setting("name=\xff").find("found bytes that are not UTF-8") != std::string::npos);
}

TEST_CASE("A value with a key given twice is refused as in a file") {
  CHECK(refused_setting("workload={\"a\": 1, \"a\": 2}").find("twice in one object") != std::string::npos);
}

TEST_CASE("The changed scenario is checked as any file is and problems name the setting") {
  const std::filesystem::path file = SPOTMIX_SOURCE_DIR "/scenarios/examples/nine-zone-p3.json";
  const Result<Scenario> good =
      load_scenario(file, tests::shipped(), {"replications=3", "mixes[0].name=renamed"});
  REQUIRE(good);
  CHECK(good.value->replications == 3);
  CHECK(good.value->mixes[0].name == "renamed");
  CHECK(good.value->text == tests::file_text(file));
  CHECK(good.value->settings.size() == 2);
  const Result<Scenario> bad = load_scenario(file, tests::shipped(), {"replications=none"});
  REQUIRE(bad.problems.size() == 1);
  CHECK(bad.problems.front().where == "replications");
  CHECK(bad.problems.front().message.ends_with(" (given by --set \"replications=none\")"));
}

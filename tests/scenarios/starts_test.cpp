// When replications start, and what that depends on: the files of the market, no mix.
#include <algorithm>

#include "base/text/text_values.h"
#include "scenarios/warning.h"
#include "sim/batch/batch.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::tests;

namespace {

/// A trace of p3.2xlarge in us-east-1a over ten days and in us-east-1b over eight of them.
json two_pools() {
  const auto pool = [](const char* zone, const char* start, const char* end) {
    return json{{"instance", "p3.2xlarge"},
                {"zone", zone},
                {"start", start},
                {"end", end},
                {"prices", {{"after_s", {0, 86400, 86400}}, {"usd_per_h", {"0.9", "1.0", "0.8"}}}},
                {"capacity", {{"kind", "count"}, {"after_s", {0, 86400}}, {"available", {4, 2}}}}};
  };
  return {{"spotmix_trace", 1},
          {"source", "made up"},
          {"pools", json::array({pool("us-east-1a", "2023-03-01T00:00:00Z", "2023-03-11T00:00:00Z"),
                                 pool("us-east-1b", "2023-03-02T00:00:00Z", "2023-03-10T00:00:00Z")})}};
}

json traced(const json& more) {
  json scenario = json::parse(R"({
    "name": "starts", "replications": 50,
    "workload": {"samples": 3600000, "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"prices": "trace.json", "capacity": "trace.json"},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge", "zones": ["us-east-1a"]}],
               "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  scenario.merge_patch(more);
  return scenario;
}

Result<BuiltExperiment> build_traced(const json& more) {
  const Scratch scratch;
  scratch.write("trace.json", two_pools().dump());
  const auto file = scratch.write("starts.json", traced(more).dump());
  const Result<Scenario> scenario = load_scenario(file, shipped());
  REQUIRE(scenario);
  return build_experiment(*scenario.value, shipped());
}

sim::Experiment experiment_of(const json& more) {
  Result<BuiltExperiment> built = build_traced(more);
  for (const Problem& problem : built.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(built);
  return std::move(built.value->experiment);
}

json mixes(std::initializer_list<const char*> all) {
  json list = json::array();
  for (const char* mix : all) list.push_back(json::parse(mix));
  return {{"mixes", list}};
}

constexpr const char* kOnDemand =
    R"({"name": "on demand", "groups": [{"instance": "p3.2xlarge", "purchase": "on_demand", "zones": ["us-east-1a"]}]})";
constexpr const char* kSpotThere =
    R"({"name": "there", "groups": [{"instance": "p3.2xlarge", "zones": ["us-east-1b"]}], "recovery": {"checkpoint": {"size_gb": 1}}})";

}  // namespace

TEST_CASE("Sampled starts are those of the market's files whatever the mixes use of them") {
  for (const json& which :
       {mixes({kOnDemand}), mixes({kSpotThere}), mixes({kOnDemand, kSpotThere}), json()}) {
    const sim::StartRule start = experiment_of(which.is_null() ? json::object() : which).start;
    CHECK(start.sampled);
    CHECK(start.earliest == *parse_time("2023-03-02"));
    // Without a deadline every moment of the traces will do.
    CHECK(start.latest == *parse_time("2023-03-10") - Duration{1});
  }
}

TEST_CASE("The deadline fits after every sampled start unless a window is given") {
  CHECK(experiment_of({{"deadline_h", 48}}).start.latest == *parse_time("2023-03-08"));
  CHECK(experiment_of({{"deadline_h", 48}, {"market", {{"start_window_h", 24}}}}).start.latest ==
        *parse_time("2023-03-09"));
  const Result<BuiltExperiment> too_long = build_traced({{"deadline_h", 24 * 9}});
  REQUIRE(too_long.problems.size() == 1);
  CHECK(too_long.problems[0].message.find("216.0 h to fit in, but the traces cover 192.0 h") !=
        std::string::npos);
}

TEST_CASE("What is bought on demand is not cut off where a trace ends or before it begins") {
  json scenario = mixes({kOnDemand, kSpotThere});
  scenario["workload"] = {{"samples", 360000 * 400}};  // 400 hours
  const sim::BatchResult both = sim::run_batch(experiment_of(scenario));
  CHECK(both.mixes[0].finished.value == 1);
  CHECK(both.mixes[0].outlived_traces == 0);
  scenario["mixes"].erase(1);
  const sim::BatchResult alone = sim::run_batch(experiment_of(scenario));
  CHECK(alone.mixes[0].cost_usd->mean == both.mixes[0].cost_usd->mean);
  CHECK(alone.mixes[0].fingerprint == both.mixes[0].fingerprint);
  scenario["market"]["start"] = "2022-08-01";
  CHECK(sim::run_batch(experiment_of(scenario)).mixes[0].finished.value == 1);
}

TEST_CASE("Spot that outlives its trace or starts after it goes on by blocks") {
  const json long_job = {{"workload", {{"samples", 360000 * 400}}}};
  CHECK(sim::run_batch(experiment_of(long_job)).mixes[0].outlived_traces == 50);
  json late = {{"market", {{"start", "2024-01-01"}}}};
  const sim::BatchResult result = sim::run_batch(experiment_of(late));
  CHECK(result.mixes[0].finished.value == 1);
  CHECK(result.mixes[0].outlived_traces == 50);
}

TEST_CASE("A start before the spot pools are known is refused") {
  const Result<BuiltExperiment> early = build_traced({{"market", {{"start", "2023-02-01"}}}});
  REQUIRE(early.problems.size() == 1);
  CHECK(early.problems[0].where == "market.start");
}

TEST_CASE("A horizon shorter than the training is told of the mix") {
  const Result<BuiltExperiment> built =
      build_traced({{"workload", {{"samples", 360000 * 400}}}, {"horizon_h", 100}});
  REQUIRE(built);
  const auto found = std::find_if(built.warnings.begin(), built.warnings.end(), [](const Problem& warning) {
    return warning.code == name_of(WarningCode::horizon_too_short);
  });
  REQUIRE(found != built.warnings.end());
  CHECK(found->about == 0);
}

TEST_CASE("The catalogue's prices carry the day on which they are known to hold", "[rule 14]") {
  const auto prices_of = [](const char* start, const char* zone) {
    json scenario = json::parse(R"({
      "name": "dated",
      "workload": {"samples": 360000, "samples_per_s": [{"cluster": {"p5.48xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
      "market": {},
      "mixes": [{"name": "m", "groups": [{"instance": "p5.48xlarge", "purchase": "on_demand"}]}]})");
    scenario["market"]["start"] = start;
    scenario["mixes"][0]["groups"][0]["zones"] = {zone};
    return built(parse_scenario("dated.json", scenario.dump(), shipped())).details[0].dated_prices.at(0);
  };
  const DatedPriceUse home = prices_of("2025-05-10", "us-east-1a");
  CHECK(home.price == usd_per_hour(98.32));
  CHECK(home.seen == *parse_time("2025-05-10"));
  const DatedPriceUse away = prices_of("2026-07-20", "us-west-2a");
  CHECK(away.price == usd_per_hour(98.32));
  CHECK(away.seen == *parse_time("2025-04-01"));
  CHECK(away.day == *parse_time("2026-07-20"));
  CHECK(*away.change == Approx(55.04 / 98.32));
  // After the last day of the catalogue that day's price is the last known.
  CHECK(prices_of("2027-01-01", "us-east-1a").seen == shipped().prices_until);
}

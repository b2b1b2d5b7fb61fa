// The known error of the step time, from a scenario to what the simulator draws.
#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/batch/batch.h"
#include "tests/scenarios/small_scenario.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

/// One mix on demand for each instance type.
BuiltExperiment on_demand(const std::vector<std::string>& types, const json& workload = json::object()) {
  json document = json::parse(R"({
    "name": "error", "market": {"start": "2024-06-01"}, "deadline_h": 30,
    "workload": {"model": "resnet50", "precision": "fp16", "global_batch": 256, "samples": 40000000}})");
  document["workload"].merge_patch(workload);
  for (const std::string& type : types) {
    document["mixes"].push_back(
        {{"name", type}, {"groups", {{{"instance", type}, {"purchase", "on_demand"}}}}});
  }
  return tests::built(parse_scenario("error.json", document.dump(), tests::shipped()));
}

json rate(const json& more) {
  json given = {{"cluster", {{"g5.xlarge", 1}}}, {"samples_per_s", 700}, {"source", "measured"}};
  given.merge_patch(more);
  return {{"samples_per_s", json::array({given})}};
}

const sim::StepErrorSpec& error_of(const BuiltExperiment& built, std::size_t mix = 0) {
  return built.experiment.mixes[mix].step_error;
}

}  // namespace

TEST_CASE("A computed step is drawn with its known error unless the scenario says none") {
  const BuiltExperiment built = on_demand({"g5.xlarge"});
  REQUIRE(built.details[0].step_error);
  CHECK(error_of(built).sigma == built.details[0].step_error->sigma);
  CHECK(error_of(built).sigma > 0.05);
  const BuiltExperiment none = on_demand({"g5.xlarge"}, {{"step_error", "none"}});
  CHECK_FALSE(none.details[0].step_error);
  CHECK(error_of(none).sigma == 0);
}

TEST_CASE("A given rate has the error that it is given with and none by default") {
  CHECK(error_of(on_demand({"g5.xlarge"}, rate(json::object()))).sigma == 0);
  const BuiltExperiment built = on_demand({"g5.xlarge"}, rate({{"error", 0.1}}));
  CHECK(error_of(built).sigma == Approx(std::log(1.1) / 0.6745));
  CHECK(built.details[0].step_error->by_cause.front().source == "training rate");
  CHECK(built.details[0].sources.front().error == 0.1);
  json off = rate({{"error", 0.1}});
  off["step_error"] = "none";
  CHECK(error_of(on_demand({"g5.xlarge"}, off)).sigma == 0);
}

TEST_CASE("Mixes share the draw of the step error where device and model and software are the same") {
  const BuiltExperiment built = on_demand({"g5.xlarge", "g6.xlarge", "g5.12xlarge"});
  CHECK(error_of(built, 0).stream == error_of(built, 2).stream);
  CHECK(error_of(built, 0).stream != error_of(built, 1).stream);
  CHECK(error_of(built, 1).stream == error_of(on_demand({"g6.xlarge"})).stream);
  CHECK(error_of(built, 0).stream != error_of(on_demand({"g5.xlarge"}, {{"software", "captured"}})).stream);
  CHECK(error_of(built, 0).stream == error_of(on_demand({"g5.xlarge"}, rate({{"error", 0.1}}))).stream);
}

TEST_CASE("On demand at the catalogue's price only the step time varies and without an error nothing does") {
  const sim::MixResult drawn = sim::run_batch(on_demand({"g5.xlarge"}).experiment).mixes[0];
  CHECK(drawn.simulated == 1000);
  REQUIRE(drawn.time_spread);
  CHECK(drawn.time_spread->step_time == 1);
  CHECK(drawn.on_time->value > 0);
  CHECK(drawn.on_time->value < 1);
  const BuiltExperiment none = on_demand({"g5.xlarge"}, {{"step_error", "none"}});
  const sim::MixResult exact = sim::run_batch(none.experiment).mixes[0];
  CHECK(exact.simulated == 1);
  CHECK_FALSE(exact.time_spread);
  CHECK_FALSE(exact.on_time->ci95);
  CHECK(drawn.time_to_train_s->p50 == Approx(exact.time_to_train_s->mean).epsilon(0.05));
}

TEST_CASE("Adding a mix in front changes nothing of the replications of those behind it") {
  const auto fingerprint = [](const std::vector<std::string>& types) {
    return sim::run_batch(on_demand(types).experiment).mixes.back().fingerprint;
  };
  CHECK(fingerprint({"g6.xlarge"}) == fingerprint({"g5.xlarge", "g4dn.xlarge", "g6.xlarge"}));
}

#include "scenarios/input_files.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "base/files/sha256.h"
#include "tests/scratch.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;

TEST_CASE("The inputs of a scenario are itself and the files it names and what the program brings") {
  const Result<Scenario> scenario =
      load_scenario(SPOTMIX_SOURCE_DIR "/scenarios/examples/nine-zone-p3.json", tests::shipped());
  REQUIRE(scenario);
  const auto inputs = input_files(*scenario.value, tests::shipped());
  REQUIRE(inputs);
  std::vector<std::string> roles;
  for (const InputFile& input : *inputs.value) {
    CHECK(input.sha256.size() == 64);
    roles.push_back(input.role);
  }
  CHECK(roles.front() == "scenario");
  CHECK(roles.back() == "catalog");
  CHECK(std::count(roles.begin(), roles.end(), "prices") ==
        static_cast<std::ptrdiff_t>(scenario.value->market.prices.size()));
  CHECK(std::count(roles.begin(), roles.end(), "kernel_profile") == 1);
}

TEST_CASE("The config.json of a model is an input known by its hash") {
  const spotmix::tests::Scratch scratch;
  Scenario scenario;
  scenario.file = scratch.write("scenario.json", "{}");
  scratch.write("config.json", "abc");
  scenario.workload.huggingface = "config.json";
  const auto inputs = input_files(scenario, tests::shipped());
  REQUIRE(inputs);
  const auto model = std::find_if(inputs.value->begin(), inputs.value->end(),
                                  [](const InputFile& input) { return input.role == "model"; });
  REQUIRE(model != inputs.value->end());
  CHECK(model->sha256 == sha256("abc"));
}

TEST_CASE("An input that is gone is a problem that names its file") {
  Scenario scenario;
  scenario.file = "nowhere/scenario.json";
  scenario.market.prices = {"gone.json"};
  const auto inputs = input_files(scenario, tests::shipped());
  REQUIRE_FALSE(inputs);
  CHECK(inputs.problems.at(0).file == "nowhere/gone.json");
}

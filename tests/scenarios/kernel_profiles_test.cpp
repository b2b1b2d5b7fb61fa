#include "scenarios/experiment/kernel_profiles.h"

#include <filesystem>

#include <catch2/catch.hpp>

#include "models/kernels/profile_io.h"
#include "scenarios/build.h"
#include "tests/approval.h"
#include "tests/scratch.h"
#include "tests/shipped.h"

using namespace spotmix;

namespace {

const std::filesystem::path kSource = SPOTMIX_SOURCE_DIR;

Result<scenarios::BuiltExperiment> built(const std::vector<std::string>& profiles) {
  auto scenario =
      scenarios::load_scenario(kSource / "scenarios/examples/processors-c5-m5.json", tests::shipped());
  REQUIRE(scenario);
  scenario.value->workload.kernel_profiles = profiles;
  return scenarios::build_experiment(*scenario.value, tests::shipped());
}

}  // namespace

TEST_CASE("Processors are computed from the measured processor and scaled and the sources say so") {
  const auto experiment = built({});
  REQUIRE(experiment);
  for (const scenarios::MixDetails& mix : experiment.value->details) {
    REQUIRE(mix.step);
    const models::Source& source = mix.sources.at(0);
    CHECK(source.figure == "matrix products");
    CHECK(source.kind == models::SourceKind::scaled);
    CHECK(source.from.find("Xeon") == 0);
    CHECK(source.citation.find("scaled from AMD EPYC") != std::string::npos);
    CHECK(source.citation.find("spotmix-measure") != std::string::npos);
    CHECK_FALSE(source.error);
  }
}

TEST_CASE("A profile that a scenario names takes precedence over the one that ships") {
  models::KernelProfile slow =
      models::load_profile(kSource / "models/kernels/profiles/amd-epyc--family-26-model-2---1-core.json");
  slow.device = "A slower processor, 1 core";
  for (models::MatmulSamples& samples : slow.matmul) {
    samples.fit.reset();
    for (double& time_s : samples.median_s) time_s *= 2;
  }
  const tests::Scratch scratch;
  const auto path = scratch.write("slower.json", models::to_json(slow));
  const auto usual = built({}), slower = built({path.string()});
  REQUIRE(usual);
  REQUIRE(slower);
  CHECK(slower.value->details[0].sources.at(0).citation.find("A slower processor") != std::string::npos);
  const double ratio = *usual.value->details[0].samples_per_s / *slower.value->details[0].samples_per_s;
  CHECK(ratio > 1.7);
  CHECK(ratio < 2.1);
}

TEST_CASE("A kernel profile that cannot be read is named with what is wrong") {
  const auto missing = built({"nowhere.json"});
  REQUIRE_FALSE(missing);
  CHECK(missing.problems.at(0).where == "workload.kernel_profiles");
  CHECK(missing.problems.at(0).message.find("nowhere.json: cannot be read") != std::string::npos);
  const auto other = built({(kSource / "scenarios/examples/gang-16.json").string()});
  REQUIRE_FALSE(other);
}

// Warnings have stable codes and say which mix they are about.
#include <algorithm>

#include "scenarios/warning.h"
#include "tests/approval.h"
#include "tests/scenarios/small_scenario.h"

using namespace spotmix;
using namespace spotmix::tests;

namespace {

Problems warnings_of(const json& more) {
  json document = json::parse(R"({
    "name": "small",
    "workload": {"samples": 360000, "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}},
              {"name": "on demand", "groups": [{"instance": "p3.2xlarge", "purchase": "on_demand"}]},
              {"name": "spot again", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}}]})");
  document.merge_patch(more);
  const Result<Scenario> scenario = parse_scenario("small.json", document.dump(), shipped());
  REQUIRE(scenario);
  const Result<BuiltExperiment> built = build_experiment(*scenario.value, shipped());
  REQUIRE(built);
  return built.warnings;
}

std::vector<std::size_t> mixes_told(const Problems& warnings, WarningCode code) {
  std::vector<std::size_t> mixes;
  for (const Problem& warning : warnings) {
    if (warning.code == name_of(code) && warning.about) mixes.push_back(*warning.about);
  }
  return mixes;
}

}  // namespace

TEST_CASE("Each mix is warned for itself whatever is said of others") {
  const Problems warnings = warnings_of(json::object());
  CHECK(mixes_told(warnings, WarningCode::no_interruption_risk) == std::vector<std::size_t>{0, 2});
}

TEST_CASE("A warning about no mix names none") {
  const Problems warnings = warnings_of({{"market", {{"region", "us-west-2"}}}});
  const auto region = std::find_if(warnings.begin(), warnings.end(), [](const Problem& warning) {
    return warning.code == name_of(WarningCode::region_unused);
  });
  REQUIRE(region != warnings.end());
  CHECK_FALSE(region->about);
}

TEST_CASE("Every warning has a code") {
  for (const Problem& warning :
       warnings_of({{"market", {{"region", "us-west-2"}, {"start", "2019-01-01"}}}})) {
    INFO(warning.message);
    CHECK(parse_enum<WarningCode>(warning.code));
  }
}

TEST_CASE("docs/results.md lists every code of a warning and no other") {
  const auto docs = file_text(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "docs" / "results.md");
  REQUIRE(docs);
  const std::size_t begin = docs->find("| code | about |");
  REQUIRE(begin != std::string::npos);
  const std::string table = docs->substr(begin, docs->find("\n\n", begin) - begin);
  const auto names = names_of<WarningCode>();
  for (const std::string& name : names) {
    INFO(name);
    CHECK(table.find("\n| `" + name + "` |") != std::string::npos);
  }
  CHECK(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')) == names.size() + 1);
}

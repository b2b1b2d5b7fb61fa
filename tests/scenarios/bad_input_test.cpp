#include "tests/scenarios/bad_input.h"

#include "scenarios/build.h"
#include "tests/approval.h"

using namespace spotmix;
using namespace spotmix::scenarios;

namespace {

/// What is said about a scenario, one line for each problem, as `spotmix validate` would find them.
std::string complaints(const std::filesystem::path& path) {
  std::string text;
  const Result<Scenario> scenario = load_scenario(path);
  Problems problems = scenario.problems;
  if (scenario) problems = build_experiment(*scenario.value).problems;
  for (const Problem& problem : problems) text += to_line(problem) + "\n";
  return tests::without_folders(text);
}

}  // namespace

TEST_CASE("every bad scenario is refused with the approved message") {
  const auto inputs = tests::bad_inputs();
  CHECK(inputs.size() >= 25);
  for (const tests::BadInput& input : inputs) {
    INFO(input.name);
    const std::string text = complaints(input.path);
    CHECK_FALSE(text.empty());
    tests::require_approved("bad/" + input.name + ".txt", text);
  }
}

TEST_CASE("a complaint names its file, or the one that it points to, and has no control characters") {
  for (const tests::BadInput& input : tests::bad_inputs()) {
    const std::string text = complaints(input.path);
    const std::string file = text.substr(0, text.find(':'));
    INFO(text);
    CHECK((text.starts_with(input.name) || file.find("config") != std::string::npos));
    CHECK(text.back() == '\n');
  }
}

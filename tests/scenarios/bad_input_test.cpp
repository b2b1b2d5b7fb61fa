#include "tests/scenarios/bad_input.h"

#include "scenarios/build.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using namespace spotmix::tests;

namespace {

/// What is said about a scenario, a line for each problem, as `spotmix validate` finds them.
std::string complaints(const std::filesystem::path& path, const Scratch& folder) {
  std::string text;
  const Result<Scenario> scenario = load_scenario(path, tests::shipped());
  Problems problems = scenario.problems;
  if (scenario) problems = build_experiment(*scenario.value, tests::shipped()).problems;
  for (const Problem& problem : problems) text += to_line(problem) + "\n";
  return without_folder(text, folder);
}

ordered_json lines(const std::string& text) {
  ordered_json list = ordered_json::array();
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) list.push_back(line);
  return list;
}

}  // namespace

TEST_CASE("Every base of the bad scenarios is good by itself", "[bad input]") {
  const Scratch scratch;
  scratch.write("prices.trace", bases().at("one_price").dump());
  for (const char* name : {"spot", "traced", "modeled"}) {
    INFO(name);
    CHECK(complaints(scratch.write(std::string(name) + ".json", bases().at(name).dump()), scratch) == "");
  }
}

TEST_CASE("Every bad scenario is refused with the approved messages", "[bad input]") {
  std::size_t count = 0;
  for (const std::string& name : bad_input_tables()) {
    ordered_json table = bad_input_table(name);
    for (ordered_json& row : table) {
      const Scratch scratch;
      const ordered_json approved = row.at("says");
      row["says"] = lines(complaints(write_input(scratch, row), scratch));
      INFO(row.at("name"));
      CHECK(row.at("says") == approved);
      CHECK_FALSE(row.at("says").empty());
      ++count;
    }
    require_approved("bad/" + name + ".json", to_text(table));
  }
  CHECK(count >= 150);
}

TEST_CASE("A path that is not a readable scenario is refused with the reason", "[bad input]") {
  for (const MadeInput& input : made_inputs()) {
    const Scratch scratch;
    const auto path = scratch / (input.name + ".json");
    input.make(path, scratch);
    CHECK(complaints(path, scratch) == input.name + ".json: " + input.says + "\n");
  }
}

TEST_CASE("A message names the scenario or the file it points to", "[bad input]") {
  for (const std::string& name : bad_input_tables()) {
    for (const ordered_json& row : bad_input_table(name)) {
      for (const std::string message : row.at("says")) {
        const std::string file = message.substr(0, message.find(':'));
        INFO(message);
        CHECK((file == row.at("name").get<std::string>() + ".json" ||
               (row.contains("files") && row.at("files").contains(file)) ||
               file.find("config") != std::string::npos));
      }
    }
  }
}

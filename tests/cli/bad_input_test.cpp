// The program refuses every bad scenario with the messages that the loader gives.
#include "tests/scenarios/bad_input.h"

#include "tests/cli/program.h"

using namespace spotmix::tests;

namespace {

/// Exit 2, nothing on stdout, nothing written; what it said on stderr.
std::string refusal(const std::filesystem::path& scenario, const Scratch& folder) {
  const auto out = folder / "out";
  const Ran ran = run_spotmix({"run", scenario.string(), "--format", "json", "--out", out.string()});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK_FALSE(std::filesystem::exists(out));
  return without_folder(ran.err, folder);
}

}  // namespace

TEST_CASE("run refuses every bad scenario and names every problem", "[bad input]") {
  for (const std::string& name : bad_input_tables()) {
    for (const ordered_json& row : bad_input_table(name)) {
      INFO(row.at("name"));
      const Scratch scratch;
      const std::string said = refusal(write_input(scratch, row), scratch);
      INFO(said);
      for (const std::string message : row.at("says")) CHECK(said.find(message) != std::string::npos);
    }
  }
}

TEST_CASE("run refuses a path that is not a readable scenario", "[bad input]") {
  for (const MadeInput& input : made_inputs()) {
    INFO(input.name);
    const Scratch scratch;
    const auto path = scratch / (input.name + ".json");
    input.make(path, scratch);
    const std::string said = refusal(path, scratch);
    // The program takes a folder as a batch; the loader does not.
    if (input.name != "directory") CHECK(said.find(input.says) != std::string::npos);
  }
}

TEST_CASE("validate refuses a bad scenario as run does", "[bad input]") {
  const Scratch scratch;
  for (const char* text : {"", "{}", "{\"name\": NaN}"}) {
    const Ran ran = run_spotmix({"validate", scratch.write("bad.json", text).string()});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE("A folder in place of a file or a file in place of a folder is reported before anything runs") {
  const Scratch scratch;
  const std::string file = scratch.write("file", "kept").string();

  const std::string folder = scratch.path().string();
  const Ran into_file = run_spotmix({"run", "scenarios/examples/nine-zone-p3.json", "--out", file});
  CHECK(into_file.exit_code == 2);
  CHECK(into_file.err == "spotmix: --out: " + file + " is a file, expected a folder\n");
  CHECK(file_text(file) == "kept");
  const Ran over_folder = run_spotmix({"import", "no.json", "--out", folder});
  CHECK(over_folder.exit_code == 2);
  CHECK(over_folder.err == "spotmix: --out: " + folder + " is a folder, expected a file\n");
}

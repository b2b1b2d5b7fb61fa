// The program refuses every bad scenario of tests/scenarios/bad as the loader's approved messages say.
#include "tests/scenarios/bad_input.h"

#include <sstream>

#include "tests/cli/program.h"

using namespace spotmix::tests;

TEST_CASE("a bad scenario alone: exit 2, nothing on standard output, nothing written, every problem named") {
  const Scratch scratch;
  for (const BadInput& input : bad_inputs()) {
    INFO(input.name);
    const auto out = scratch / input.name;
    const Ran ran = run_spotmix({"run", input.path.string(), "--format", "json", "--out", out.string()});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK_FALSE(std::filesystem::exists(out));
    if (input.name == "directory") continue;  // the program takes a folder as a batch, the loader does not
    const std::string said = without_folders(ran.err);
    std::istringstream approved(file_text(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "tests" / "approved" /
                                          "bad" / (input.name + ".txt"))
                                    .value_or("no approved file"));
    for (std::string line; std::getline(approved, line);) {
      INFO(said);
      CHECK(said.find(line) != std::string::npos);
    }
  }
}

TEST_CASE("validate refuses a bad scenario as run does") {
  for (const char* name : {"unknown-key", "trace-unsorted", "nan", "empty"}) {
    const Ran ran = run_spotmix({"validate", (bad_input_folder() / (std::string(name) + ".json")).string()});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE(
    "a folder where a file is to be written, or a file where a folder is, is said before anything runs") {
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

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A folder with a good scenario under two names and a bad one between them.
void fill(const Scratch& scratch) {
  const std::string data = SPOTMIX_SOURCE_DIR "/tests/cli/data/";
  scratch.write("in/data/small.trace.json", file_text(data + "small.trace.json").value_or(""));
  std::string good = file_text(data + "small.json").value_or("");
  for (auto at = good.find("small.trace"); at != std::string::npos; at = good.find("small.trace", at + 16)) {
    good.insert(at, "data/");
  }
  scratch.write("in/a.json", good);
  scratch.write("in/b.json", "{\"name\": \"bad\"");
  scratch.write("in/c.json", good);
}

}  // namespace

TEST_CASE("A folder runs on past a bad file and then exits 2") {
  const Scratch scratch;
  fill(scratch);
  const fs::path out = scratch / "out";
  const Ran ran = run_spotmix({"run", "in", "--format", "json", "--out", "out"}, scratch.path());
  CHECK(ran.exit_code == 2);
  const json document = json::parse(ran.out);
  REQUIRE(document["results"].size() == 2);
  CHECK(document["results"][0]["scenario"] == "small");
  CHECK(ran.err.find("in/b.json") != std::string::npos);
  CHECK(ran.err.find("2 of 3 scenarios simulated") != std::string::npos);
  CHECK(fs::exists(out / "a" / "result.json"));
  CHECK(fs::exists(out / "c" / "timeline.csv"));
  CHECK_FALSE(fs::exists(out / "b"));
}

TEST_CASE("a scenario whose files cannot be written does not take the others' results with it") {
  const Scratch scratch;
  fill(scratch);
  scratch.write("out/a", "a file where the folder of a.json would be");
  const Ran ran =
      run_spotmix({"run", "in/a.json", "in/c.json", "--format", "json", "--out", "out"}, scratch.path());
  CHECK(ran.exit_code == 1);
  CHECK(json::parse(ran.out)["results"].size() == 1);
  CHECK(ran.err.find("in/a.json: ") != std::string::npos);
  CHECK(fs::exists(scratch / "out/c/result.json"));
}

TEST_CASE("two files of one name get folders of their own") {
  const Scratch scratch;
  fill(scratch);
  const Ran ran = run_spotmix({"run", "in/a.json", "in/a.json", "--out", "out", "--quiet"}, scratch.path());
  CHECK(ran.exit_code == 0);
  CHECK(ran.err == "");
  CHECK(fs::exists(scratch / "out/a/result.json"));
  CHECK(fs::exists(scratch / "out/a-2/result.json"));
}

TEST_CASE("a summary of several scenarios is one table with one header") {
  const Scratch scratch;
  fill(scratch);
  const Ran ran = run_spotmix({"run", "in/a.json", "in/c.json", "--format", "csv"}, scratch.path());
  CHECK(ran.exit_code == 0);
  CHECK(line_count(ran.out) == 1 + 2 * 2);
}

TEST_CASE("A bad file alone exits 2 with nothing on stdout and nothing written") {
  const Scratch scratch;
  fill(scratch);
  for (const std::string format : {"table", "json", "csv"}) {
    const Ran ran = run_spotmix({"run", "in/b.json", "--format", format, "--out", "out"}, scratch.path());
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK(line_count(ran.err) == 1);
    CHECK_FALSE(fs::exists(scratch / "out"));
  }
}

TEST_CASE("A folder without scenarios and a missing file are bad input") {
  const Scratch scratch;
  fs::create_directories(scratch / "empty");
  const Ran empty = run_spotmix({"run", "empty"}, scratch.path());
  CHECK(empty.exit_code == 2);
  CHECK(empty.err == "spotmix: empty: found a folder without *.json files, expected scenarios\n");
  const Ran missing = run_spotmix({"run", "missing.json"}, scratch.path());
  CHECK(missing.exit_code == 2);
  CHECK(missing.out == "");
  CHECK(line_count(missing.err) == 1);
}

TEST_CASE("validate names the good and the bad and simulates nothing") {
  const Scratch scratch;
  fill(scratch);
  const Ran ran = run_spotmix({"validate", "in"}, scratch.path());
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "in/a.json: valid\nin/c.json: valid\n");
  CHECK(ran.err.find("in/b.json") != std::string::npos);
}

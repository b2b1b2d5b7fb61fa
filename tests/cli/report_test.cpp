#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/database/sqlite.h"
#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// The files of a folder with what is in them.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename().string()] = file_text(entry.path()).value_or("");
  }
  return files;
}

/// The small scenario with a threshold that it crosses.
std::string over_its_limit(const Scratch& scratch) {
  json scenario = json::parse(file_text(kSmall).value_or(""));
  scenario["thresholds"] = {{"cost_usd.mean", {"< 0.5"}}};
  scratch.write("small.trace.json",
                file_text(SPOTMIX_SOURCE_DIR "/tests/cli/data/small.trace.json").value_or(""));
  return scratch.write("s.json", scenario.dump()).string();
}

}  // namespace

TEST_CASE("report makes every file again from a result JSON and from a database without simulating") {
  const Scratch scratch;
  const fs::path first = scratch / "first";
  const fs::path database = scratch / "results.db";
  const Ran ran = run_spotmix({"run", kSmall, "--out", first.string(), "--db", database.string()});
  REQUIRE(ran.exit_code == 0);
  for (const fs::path& source : {first / "result.json", database}) {
    const fs::path again = scratch / ("from-" + source.filename().string());
    const Ran rebuilt = run_spotmix({"report", source.string(), "--out", again.string()});
    CHECK(rebuilt.exit_code == 0);
    CHECK(rebuilt.err == "");
    CHECK(rebuilt.out == ran.out);
    CHECK(contents(again) == contents(first));
  }
}

TEST_CASE("report prints what run printed in every format") {
  const Scratch scratch;
  REQUIRE(run_spotmix({"run", kSmall, "--out", scratch.path().string()}).exit_code == 0);
  for (const char* format : {"table", "json", "csv"}) {
    CHECK(run_spotmix({"report", (scratch / "result.json").string(), "--format", format}).out ==
          run_spotmix({"run", kSmall, "--format", format}).out);
  }
}

TEST_CASE("report says in one line what its input lacks and writes the rest") {
  const Scratch scratch;
  const fs::path source = scratch.write("printed.json", run_spotmix({"run", kSmall, "--format", "json"}).out);
  const fs::path out = scratch / "out";
  const Ran ran = run_spotmix({"report", source.string(), "--out", out.string(), "--formats", "bill,csv"});
  CHECK(ran.exit_code == 2);
  CHECK(line_count(ran.err) == 1);
  CHECK(ran.err.find("small: found no timelines and bills of a replication, which bill.csv needs") !=
        std::string::npos);
  CHECK(contents(out).size() == 1);
  CHECK(file_text(out / "summary.csv") == run_spotmix({"run", kSmall, "--format", "csv"}).out);
}

TEST_CASE("report takes a run of a database and refuses one that is not there") {
  const Scratch scratch;
  const std::string database = (scratch / "results.db").string();
  REQUIRE(run_spotmix({"run", kSmall, "--db", database, "--seed", "1"}).exit_code == 0);
  REQUIRE(run_spotmix({"run", kSmall, "--db", database, "--seed", "2"}).exit_code == 0);
  const auto seed = [&](const std::vector<std::string>& more) {
    std::vector<std::string> command = {"report", database, "--format", "json"};
    command.insert(command.end(), more.begin(), more.end());
    return json::parse(run_spotmix(command).out)["seed"].get<int>();
  };
  CHECK(seed({}) == 2);
  CHECK(seed({"--run", "1"}) == 1);
  const Ran ran = run_spotmix({"report", database, "--run", "3"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.find("found no run 3, expected one of its 2") != std::string::npos);
}

TEST_CASE("report refuses what is no result") {
  const Scratch scratch;
  for (const auto& [name, text] :
       {std::pair("a.json", "{"), std::pair("b.json", "[]"), std::pair("c.json", "")}) {
    const Ran ran = run_spotmix({"report", scratch.write(name, text).string()});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK(line_count(ran.err) == 1);
  }
  CHECK(run_spotmix({"report", (scratch / "none.json").string()}).exit_code == 2);
}

TEST_CASE("Two programs append to one database at once and its totals are those of the JSON") {
  const Scratch scratch;
  const std::string database = (scratch / "results.db").string();
  const std::vector<std::string> command = {"run",      kSmall, "--db",           database,
                                            "--format", "json", "--replications", "50"};
  Program one(command);
  Program two(command);
  const Ran first = one.wait();
  const Ran second = two.wait();
  CHECK(first.exit_code == 0);
  CHECK(second.exit_code == 0);
  CHECK(first.out == second.out);
  spotmix::reports::Database read(database);
  CHECK(read.integer("SELECT count(*) FROM run") == 2);
  CHECK(read.integer("SELECT count(*) FROM replication") == 2L * (1 + 50));
  const json result = json::parse(first.out);
  for (const json& mix : result["mixes"]) {
    const std::string mean = mix["cost_usd"]["mean"].dump();
    const std::string name = mix["name"].get<std::string>();
    CHECK(read.integer(fmt::format("SELECT count(*) FROM summary WHERE mix = '{}' AND cost_usd_mean = {}",
                                   name, mean)) == 2);
    CHECK(read.integer(
              fmt::format("SELECT count(*) FROM (SELECT run FROM mix JOIN replication USING (run, mix) WHERE "
                          "name = '{}' GROUP BY run HAVING abs(avg(cost_nano_usd) / 1e9 - {}) < 1e-9)",
                          name, mean)) == 2);
  }
}

TEST_CASE("an interrupted run leaves no empty folder behind") {
  const Scratch scratch;
  const fs::path out = scratch / "outer" / "inner";
  Program program({"run", kSmall, "--replications", "100000000", "--out", out.string()});
  for (int i = 0; i < 500 && !fs::exists(out); ++i) ::usleep(10'000);
  program.send(SIGINT);
  CHECK(program.wait().exit_code == 130);
  CHECK(!fs::exists(scratch / "outer"));
}

TEST_CASE("report shows the thresholds that a run crossed and does not fail for them") {
  const Scratch scratch;
  const std::string file = over_its_limit(scratch);
  const fs::path out = scratch / "out";
  REQUIRE(run_spotmix({"run", file, "--out", out.string()}).exit_code == 3);
  const Ran rebuilt = run_spotmix({"report", (out / "result.json").string()});
  CHECK(rebuilt.exit_code == 0);
  CHECK(rebuilt.out.find("✗ ") != std::string::npos);
  CHECK(rebuilt.out.find("cost_usd.mean of on demand is 1.02217, allowed below 0.5") != std::string::npos);
}

TEST_CASE("a crossed threshold is said on standard error where standard output shows none") {
  const Scratch scratch;
  const std::string file = over_its_limit(scratch);
  const Ran csv = run_spotmix({"run", file, "--format", "csv"});
  CHECK(csv.exit_code == 3);
  CHECK(csv.err.find("✗ small: cost_usd.mean of on demand is 1.02217, allowed below 0.5") !=
        std::string::npos);
  CHECK(run_spotmix({"run", file}).err == "");
}

#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/database/sqlite.h"
#include "reports/files/file_formats.h"
#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// Output without the program's version, which changes with every release.
std::string without_version(std::string text) {
  const std::string key = "\"spotmix_version\": \"";
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + key.size())) {
    const auto begin = at + key.size();
    text.replace(begin, text.find('"', begin) - begin, "VERSION");
  }
  return text;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a small scenario prints as approved in every format") {
  const Ran table = run_spotmix({"run", kSmall});
  CHECK(table.exit_code == 0);
  CHECK(table.err == "");
  require_approved("cli/small.txt", table.out);
  require_approved("cli/small.json", without_version(run_spotmix({"run", kSmall, "--format", "json"}).out));
  require_approved("cli/small.csv", run_spotmix({"run", kSmall, "--format", "csv"}).out);
}

TEST_CASE("run --out writes every file as approved and standard output stays the same") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  const Ran ran = run_spotmix({"run", kSmall, "--out", out.string(), "--replay", "2"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out == run_spotmix({"run", kSmall}).out);
  CHECK(entries(out) == spotmix::reports::file_formats().size());
  json kept = json::parse(file_text(out / "result.json").value_or(""));
  kept.erase("kept");
  CHECK(kept == json::parse(run_spotmix({"run", kSmall, "--format", "json"}).out));
  CHECK(file_text(out / "summary.csv") == run_spotmix({"run", kSmall, "--format", "csv"}).out);
  require_approved("cli/small-replications.csv", file_text(out / "replications.csv").value_or(""));
  require_approved("cli/small-timeline.csv", file_text(out / "timeline.csv").value_or(""));
  require_approved("cli/small-bill.csv", file_text(out / "bill.csv").value_or(""));
}

TEST_CASE("run --formats chooses among the files of --out by name or by file name") {
  const Scratch scratch;
  const auto files_of = [&](const std::string& formats) {
    const fs::path out = scratch / formats;
    const Ran ran = run_spotmix({"run", kSmall, "--out", out.string(), "--formats", formats});
    CHECK(ran.exit_code == 0);
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(out)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  };
  CHECK(files_of("json,csv") == std::set<std::string>{"result.json", "summary.csv"});
  CHECK(files_of("bill.csv") == std::set<std::string>{"bill.csv"});
  CHECK(files_of("replications,markdown") == std::set<std::string>{"replications.csv", "summary.md"});
}

TEST_CASE("A format that does not exist is refused with the nearest one and nothing is written") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  const Ran ran = run_spotmix({"run", kSmall, "--out", out.string(), "--formats", "json,markdwon"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("--formats: found \"markdwon\", expected ") != std::string::npos);
  CHECK(ran.err.find("did you mean \"markdown\"?") != std::string::npos);
  CHECK(!fs::exists(out));
  CHECK(run_spotmix({"run", kSmall, "--formats", "json"}).exit_code == 2);
}

TEST_CASE("the same command gives the same bytes on any number of threads") {
  const auto with_jobs = [](const std::string& jobs) {
    return run_spotmix({"run", kSmall, "--format", "json", "--per-replication", "--replications", "300",
                        "--jobs", jobs})
        .out;
  };
  const std::string one = with_jobs("1");
  CHECK(one.size() > 1000);
  CHECK(with_jobs("2") == one);
  CHECK(with_jobs("7") == one);
}

TEST_CASE("run --seed and --replications stand in for the scenario's") {
  const json result = json::parse(run_spotmix({"run", kSmall, "--format", "json", "--seed",
                                               "18446744073709551615", "--replications", "5"})
                                      .out);
  CHECK(result["seed"] == 18446744073709551615ULL);
  CHECK(result["replications"] == 5);
  CHECK(result["mixes"][1]["fingerprint"] !=
        json::parse(run_spotmix({"run", kSmall, "--format", "json"}).out)["mixes"][1]["fingerprint"]);
}

// On demand at a fixed start leaves nothing to chance, so that mix has one replication; the other has three.
TEST_CASE("run --per-replication prints one row or one object for each mix and replication") {
  const std::string csv = run_spotmix({"run", kSmall, "--format", "csv", "--per-replication"}).out;
  CHECK(line_count(csv) == 1 + 1 + 3);
  const json result = json::parse(run_spotmix({"run", kSmall, "--format", "json", "--per-replication"}).out);
  CHECK(result["mixes"][1]["outcomes"].size() == 3);
}

TEST_CASE("the bill of a replication sums to its cost") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  REQUIRE(run_spotmix({"run", kSmall, "--out", out.string()}).exit_code == 0);
  // Two instances for 9,000 s and two for 14,446 s at 0.032 $/h.
  const std::string replications = file_text(out / "replications.csv").value_or("");
  CHECK(replications.find("small,\"spot, one zone\",0,true,27046,0.416817778,1,") != std::string::npos);
}

TEST_CASE("run --db appends each run and its figures are those of the JSON") {
  const Scratch scratch;
  const fs::path file = scratch / "results.db";
  const std::vector<std::string> command = {"run", kSmall, "--format", "json", "--db", file.string()};
  const json result = json::parse(run_spotmix(command).out);
  CHECK(run_spotmix(command).exit_code == 0);
  spotmix::reports::Database database(file);
  CHECK(database.integer("SELECT count(*) FROM run") == 2);
  CHECK(database.integer("SELECT count(*) FROM replication") == 2L * (1 + 3));
  const std::string mean = result["mixes"][1]["cost_usd"]["mean"].dump();
  CHECK(database.integer("SELECT count(*) FROM summary WHERE mix = 'spot, one zone' AND cost_usd_mean = " +
                         mean) == 2);
}

TEST_CASE("a --db that is no database of results is refused before anything is simulated") {
  const Scratch scratch;
  const fs::path file = scratch.write("results.db", std::string(2000, 'x'));
  const Ran ran = run_spotmix({"run", kSmall, "--db", file.string(), "--replications", "1000000000"});
  CHECK(ran.exit_code == 1);
  CHECK(ran.out == "");
  CHECK(line_count(ran.err) == 1);
}

TEST_CASE("A crossed threshold is exit 3 after everything is written") {
  const Scratch scratch;
  std::string scenario = file_text(kSmall).value_or("");
  const std::string limit = "<= 1.5";
  scenario.replace(scenario.find(limit), limit.size(), "<= 0.5");
  const std::string trace = file_text(SPOTMIX_SOURCE_DIR "/tests/cli/data/small.trace.json").value_or("");
  scratch.write("small.trace.json", trace);
  const fs::path file = scratch.write("strict.json", scenario);
  const fs::path out = scratch / "out";
  const Ran ran = run_spotmix({"run", file.string(), "--out", out.string()});
  CHECK(ran.exit_code == 3);
  CHECK(ran.out.find("✗ cost_usd.mean of on demand is 1.02217, allowed at most 0.5") != std::string::npos);
  CHECK(ran.out.find("✓ cost_usd.mean of spot, one zone") != std::string::npos);
  CHECK(entries(out) == spotmix::reports::file_formats().size());
}

TEST_CASE("a threshold on a figure that does not exist is refused before anything is simulated") {
  const Scratch scratch;
  std::string scenario = file_text(kSmall).value_or("");
  const std::string metric = "cost_usd.mean";
  scenario.replace(scenario.find(metric), metric.size(), "cost_usd.p59");
  scratch.write("small.trace.json",
                file_text(SPOTMIX_SOURCE_DIR "/tests/cli/data/small.trace.json").value_or(""));
  const Ran ran = run_spotmix({"run", scratch.write("s.json", scenario).string()});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("thresholds.cost_usd.p59: found \"cost_usd.p59\"") != std::string::npos);
  CHECK(ran.err.find("did you mean \"cost_usd.p95\"?") != std::string::npos);
}

TEST_CASE("a replay that is none of the replications is refused") {
  const Ran ran = run_spotmix({"run", kSmall, "--replay", "3"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("--replay 3: the scenario has 3 replications, numbered from 0") != std::string::npos);
}

TEST_CASE("an --out that cannot be written is one line before anything is simulated") {
  const Scratch scratch;
  const fs::path file = scratch.write("file", "");
  const Ran ran =
      run_spotmix({"run", kSmall, "--out", (file / "below").string(), "--replications", "1000000000"});
  CHECK(ran.exit_code == 1);
  CHECK(ran.out == "");
  CHECK(line_count(ran.err) == 1);
}

TEST_CASE("Ctrl-C ends a run with exit 130 and nothing half-written") {
  const Scratch scratch;
  const fs::path out = scratch / "out";
  Program program({"run", kSmall, "--replications", "100000000", "--out", out.string(), "--format", "json"});
  for (int i = 0; i < 500 && !fs::exists(out); ++i) ::usleep(10'000);
  ::usleep(50'000);
  program.send(SIGINT);
  const Ran ran = program.wait();
  CHECK(ran.exit_code == 130);
  CHECK(ran.out == "");
  CHECK(!fs::exists(out));
}

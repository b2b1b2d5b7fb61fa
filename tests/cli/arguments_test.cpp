#include <catch2/catch.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;

namespace {

/// Bad arguments: exit 2, nothing on standard output, one line that says what is wrong.
void check_refused(const std::vector<std::string>& arguments, const std::string& line) {
  const Ran ran = run_spotmix(arguments);
  INFO(ran.err);
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err == "spotmix: " + line + "\n");
}

}  // namespace

TEST_CASE("run --version and --help answer on standard output") {
  const Ran version = run_spotmix({"--version"});
  CHECK(version.exit_code == 0);
  CHECK(version.out.starts_with("spotmix 0."));
  const Ran help = run_spotmix({"run", "--help"});
  CHECK(help.exit_code == 0);
  CHECK(help.out.find("Usage: spotmix run") != std::string::npos);
  CHECK(help.err == "");
}

TEST_CASE("a verb that is none is refused with the nearest one") {
  check_refused({"rum", "a.json"},
                "found \"rum\", expected a verb: one of \"catalog\", \"check\", \"diff\", \"examples\", "
                "\"explain\", \"import\", "
                "\"new\", \"profile\", \"report\", \"run\", \"trace\", \"validate\"; did you mean \"run\"?");
}

TEST_CASE("an option that is none is refused with the nearest one") {
  check_refused({"run", "a.json", "--sead", "4"},
                "run: found \"--sead\", which is no option of it; did you mean \"--seed\"?");
}

TEST_CASE("values of options are checked before anything is read") {
  check_refused(
      {"run", "a.json", "--format", "jsn"},
      "--format: found \"jsn\", expected one of \"table\", \"json\", \"csv\"; did you mean \"json\"?");
  check_refused({"run", "a.json", "--seed", "-1"}, "--seed: found \"-1\", expected a whole number from 0");
  check_refused({"run", "a.json", "--replications", "1e3"},
                "--replications: found \"1e3\", expected a whole number from 1 to 1000000000");
  check_refused({"run", "a.json", "--jobs", "99999"},
                "--jobs: found \"99999\", expected a whole number from 0 to 1024");
  check_refused({"run", "a.json", "--per-replication"},
                "--per-replication: needs --format json or --format csv");
  check_refused(
      {"import", "a.csv", "--out", "b.json", "--start", "yesterday"},
      "--start: found \"yesterday\", expected a time from 1970 to 2199 such as 2023-02-15T22:08:16Z");
}

TEST_CASE("a verb without its files says what it needs") {
  CHECK(run_spotmix({"run"}).exit_code == 2);
  CHECK(run_spotmix({}).exit_code == 2);
  CHECK(run_spotmix({"import", "a.csv"}).exit_code == 2);
}

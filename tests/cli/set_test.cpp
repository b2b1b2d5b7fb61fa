#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

TEST_CASE("run with --set answers as for a file with that value and says what was set") {
  const Scratch scratch;
  json edited = json::parse(file_text(kSmall).value_or(""));
  edited["replications"] = 7;
  edited["mixes"][0]["name"] = "another";
  scratch.write("small.json", edited.dump());
  scratch.write("small.trace.json",
                file_text(SPOTMIX_SOURCE_DIR "/tests/cli/data/small.trace.json").value_or(""));
  const json by_file =
      json::parse(run_spotmix({"run", (scratch / "small.json").string(), "--format", "json"}).out);
  const Ran ran = run_spotmix(
      {"run", kSmall, "--set", "replications=7", "--set", "mixes[0].name=another", "--format", "json"});
  CHECK(ran.exit_code == 0);
  json by_setting = json::parse(ran.out);
  CHECK(by_setting["settings"] == json{"replications=7", "mixes[0].name=another"});
  by_setting.erase("settings");
  CHECK(by_setting == by_file);
}

TEST_CASE("A kept result has the settings beside the hash of the file as it lies") {
  const Scratch scratch;
  const std::string out = (scratch / "out").string();
  REQUIRE(run_spotmix({"run", kSmall, "--set", "mixes[0].name=another", "--out", out}).exit_code == 0);
  REQUIRE(run_spotmix({"run", kSmall, "--out", (scratch / "plain").string()}).exit_code == 0);
  const json kept = json::parse(file_text(scratch / "out" / "result.json").value_or(""));
  const json plain = json::parse(file_text(scratch / "plain" / "result.json").value_or(""));
  CHECK(kept["kept"]["reproduction"]["inputs"] == plain["kept"]["reproduction"]["inputs"]);
  const auto command = kept["kept"]["reproduction"]["command_line"].get<std::string>();
  CHECK(command.find("--set 'mixes[0].name=another'") != std::string::npos);
  const std::string markdown = file_text(scratch / "out" / "summary.md").value_or("");
  CHECK(markdown.substr(0, markdown.find('\n')).find(" with mixes") != std::string::npos);
  const Ran again = run_spotmix({"report", out + "/result.json"});
  CHECK(again.out.find(" with mixes[0].name=another") != std::string::npos);
  CHECK(!plain.contains("settings"));
}

TEST_CASE("explain and validate take --set too") {
  const Ran explained = run_spotmix({"explain", kSmall, "--set", "name=other", "--format", "json"});
  CHECK(json::parse(explained.out)["scenario"] == "other");
  CHECK(json::parse(explained.out)["settings"] == json{"name=other"});
  CHECK(run_spotmix({"validate", kSmall, "--set", "seed=8"}).exit_code == 0);
  const Ran bad = run_spotmix({"validate", kSmall, "--set", "mixes[9].name=x"});
  CHECK(bad.exit_code == 2);
  CHECK(bad.out == "");
  CHECK(bad.err.find("found the index 9, but mixes has ") != std::string::npos);
}

TEST_CASE("A setting without a path or a value is refused in one line") {
  for (const char* setting : {"seed", "=8"}) {
    const Ran ran = run_spotmix({"run", kSmall, "--set", setting});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    CHECK(line_count(ran.err) == 1);
    CHECK(ran.err.find("expected PATH=VALUE") != std::string::npos);
  }
}

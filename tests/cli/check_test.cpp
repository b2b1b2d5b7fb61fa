#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A folder with a scenario of 300 replications, its trace and its baseline.
class Gate {
 public:
  Gate() : scenario_(json::parse(file_text(kSmall).value_or(""))) {
    scenario_["replications"] = 300;
    scratch_.write("small.trace.json", file_text(kSmallTrace).value_or(""));
    write_scenario();
    REQUIRE(check({"--update"}).exit_code == 0);
  }

  json& scenario() { return scenario_; }
  const Scratch& folder() const { return scratch_; }

  Ran check(std::vector<std::string> more = {}) {
    write_scenario();
    std::vector<std::string> command = {"check", (scratch_ / "s.json").string(), "--baseline",
                                        (scratch_ / "baseline.json").string()};
    command.insert(command.end(), more.begin(), more.end());
    return run_spotmix(command);
  }

  /// Every spot price in the trace times a factor.
  void scale_prices(double factor) {
    json trace = json::parse(file_text(kSmallTrace).value_or(""));
    for (json& pool : trace["pools"]) {
      for (json& price : pool["prices"]["usd_per_h"]) {
        price = std::to_string(std::stod(price.get<std::string>()) * factor);
      }
    }
    scratch_.write("small.trace.json", trace.dump());
  }

 private:
  void write_scenario() { scratch_.write("s.json", scenario_.dump(1)); }

  Scratch scratch_;
  json scenario_;
};

}  // namespace

TEST_CASE("check is quiet on a re-run and on any number of threads") {
  Gate gate;
  const Ran again = gate.check();
  CHECK(again.exit_code == 0);
  CHECK(again.out.find("✓ small: no drift in ") != std::string::npos);
  CHECK(again.err == "");
  CHECK(gate.check({"--jobs", "1"}).out == again.out);
  CHECK(gate.check({"--jobs", "3"}).out == again.out);
}

TEST_CASE("check finds a price that rose by one percent and names the data") {
  Gate gate;
  gate.scale_prices(1.01);
  const Ran ran = gate.check();
  CHECK(ran.exit_code == 3);
  CHECK(ran.out.find("✗ cost_usd.mean") != std::string::npos);
  CHECK(ran.out.find(" of spot, one zone: $") != std::string::npos);
  CHECK(ran.out.find("prices small.trace.json: ") != std::string::npos);
}

TEST_CASE("check tells luck from change where results are random") {
  Gate gate;
  // Losses at random moments: replications differ.
  gate.scenario()["market"]["interruptions"] = {{"hazard", {{"per_hour", 0.1}}}};
  REQUIRE(gate.check({"--update"}).exit_code == 0);
  const auto cost = [](const Ran& ran) {
    const json comparison = json::parse(ran.out);
    for (const json& figure : comparison["scenarios"][0]["figures"]) {
      if (figure["mix"] == "spot, one zone" && figure["metric"] == "cost_usd.mean") return figure;
    }
    return json();
  };
  // Fewer replications of the same: the mean is another by far more than the tolerance, but not by more than
  // luck.
  const Ran lucky = gate.check({"--replications", "60", "--format", "json"});
  CHECK(lucky.exit_code == 0);
  const double before = cost(lucky)["before"];
  const double after = cost(lucky)["after"];
  CHECK(std::abs(after - before) > 0.001 * before);
  CHECK(cost(lucky)["interval"][0] < 0);
  CHECK(cost(lucky)["interval"][1] > 0);
  // Losses twice as often are more than luck.
  gate.scenario()["market"]["interruptions"]["hazard"]["per_hour"] = 0.2;
  const Ran changed = gate.check({"--format", "json"});
  CHECK(changed.exit_code == 3);
  CHECK(cost(changed)["drift"] == true);
  const double low = cost(changed)["interval"][0];
  const double high = cost(changed)["interval"][1];
  CHECK(low * high > 0);
}

TEST_CASE("check refuses another seed") {
  Gate gate;
  const Ran ran = gate.check({"--seed", "8"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("small: found seed 8, the baseline has seed 7") != std::string::npos);
}

TEST_CASE("check finds a changed billing rule in an edited scenario of the same name") {
  Gate gate;
  gate.scenario()["market"]["billing"]["granularity_s"] = 3600;
  const Ran ran = gate.check();
  CHECK(ran.exit_code == 3);
  CHECK(ran.out.find("✗ cost_usd.mean") != std::string::npos);
  CHECK(ran.out.find("scenario s.json: ") != std::string::npos);
}

TEST_CASE("check finds a mix that was added and one that was removed") {
  Gate gate;
  json another = gate.scenario()["mixes"][0];
  another["name"] = "another";
  gate.scenario()["mixes"].push_back(another);
  const Ran added = gate.check();
  CHECK(added.exit_code == 3);
  CHECK(added.out.find("✗ mix added: another") != std::string::npos);
  gate.scenario()["mixes"].erase(2);
  gate.scenario()["mixes"].erase(0);
  const Ran removed = gate.check();
  CHECK(removed.exit_code == 3);
  CHECK(removed.out.find("✗ mix removed: on demand") != std::string::npos);
}

TEST_CASE("check refuses a baseline that is missing or broken or of other scenarios") {
  Gate gate;
  gate.scenario()["name"] = "other";
  Ran ran = gate.check();
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.find("the baseline is of other scenarios; only it has: small; it lacks: other") !=
        std::string::npos);
  gate.folder().write("baseline.json", "{}");
  ran = gate.check();
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.find("baseline.json: found no \"baseline_version\", expected one") != std::string::npos);
  fs::remove(gate.folder() / "baseline.json");
  ran = gate.check();
  CHECK(ran.exit_code == 2);
  CHECK(ran.err.find("--update records a baseline") != std::string::npos);
  CHECK(line_count(ran.err) == 1);
}

TEST_CASE("check prints and writes JSON and JUnit and Markdown even when it fails") {
  Gate gate;
  gate.scale_prices(1.01);
  const fs::path out = gate.folder() / "out";
  const Ran ran = gate.check({"--format", "json", "--out", out.string()});
  CHECK(ran.exit_code == 3);
  CHECK(json::parse(ran.out)["drift"] == true);
  CHECK(file_text(out / "check.json") == ran.out);
  CHECK(file_text(out / "check.xml").value_or("").find("<failure ") != std::string::npos);
  CHECK(file_text(out / "check.xml") == gate.check({"--format", "junit"}).out);
  CHECK(file_text(out / "check.md") == gate.check({"--format", "markdown"}).out);
}

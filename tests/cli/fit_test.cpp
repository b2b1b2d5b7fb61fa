// `spotmix import --fit`: a hazard from a trace, and a scenario that runs under it.
#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

namespace {

json fitted(std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"import", kNineZoneTrace, "--fit", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Ran ran = run_spotmix(arguments);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return json::parse(ran.out);
}

/// A job of so many hours on one instance under the hazard, saved all the time.
json scenario(const json& interruptions, double hours) {
  json document = json::parse(R"({"name": "fitted", "replications": 500,
    "workload": {"samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools":
      [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
    "mixes": [{"name": "spot", "groups": [{"instance": "p3.2xlarge"}], "launch": {"boot_s": 0, "retry_s": 0.001},
      "recovery": {"checkpoint": {"interval_min": "continuous", "size_gb": 0, "read_gb_per_s": 1,
                                  "write_gb_per_s": 1}}}]})");
  document["workload"]["samples"] = hours * 3600 * 100;
  document["market"]["interruptions"] = interruptions;
  document["market"]["interruptions"]["notice_s"] = 0;
  return document;
}

}  // namespace

TEST_CASE("A fitted hazard says how good it is and the one of the least AIC is chosen") {
  const json document = fitted();
  const json& fit = document["fit"];
  CHECK(fit["runs"].get<int>() > 500);
  CHECK(fit["pools"].size() == 9);
  REQUIRE(fit["distributions"].size() == 3);
  double least = 1e300;
  for (const json& form : fit["distributions"]) {
    const double aic = form["aic"];
    CHECK(aic == Approx(2 * form["parameters"].get<double>() - 2 * form["log_likelihood"].get<double>())
                     .epsilon(1e-5));
    CHECK(form["kolmogorov_smirnov"] >= 0);
    CHECK(form["kolmogorov_smirnov"] <= 1);
    if (aic >= least) continue;
    least = aic;
    CHECK((form["distribution"] != fit["chosen"] || form["hazard"] == document["interruptions"]["hazard"]));
  }
  const auto& chosen = *std::min_element(fit["distributions"].begin(), fit["distributions"].end(),
                                         [](const json& a, const json& b) { return a["aic"] < b["aic"]; });
  CHECK(chosen["distribution"] == fit["chosen"]);
  CHECK(std::abs(chosen["mean_lifetime_h"].get<double>() - fit["kaplan_meier_mean_h"].get<double>()) <
        2 * fit["kaplan_meier_mean_error_h"].get<double>());
}

TEST_CASE("a scenario under the fitted hazard loses instances as often as the trace did") {
  const json document = fitted();
  const double mean = document["fit"]["kaplan_meier_mean_h"];
  const double error = document["fit"]["kaplan_meier_mean_error_h"];
  const Scratch scratch;
  scratch.write("fitted.json", scenario(document["interruptions"], 200 * mean).dump());
  const Ran ran = run_spotmix({"run", "fitted.json", "--format", "json"}, scratch.path());
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const double interruptions = json::parse(ran.out)["mixes"][0]["interruptions"]["mean"];
  // 200 mean lives long: renewals come to 200, and (variance ÷ mean² − 1) ÷ 2 more where lives vary much.
  CHECK(std::abs(interruptions - 200) < 200 * 2 * error / mean);
  CHECK(error < 0.1 * mean);
}

TEST_CASE("A fit may be asked for a form and a pool and a maximum price") {
  CHECK(fitted({"--distribution", "weibull"})["interruptions"]["hazard"].contains("weibull"));
  const json one = fitted({"--pool", "p3.2xlarge us-east-1a", "--distribution", "exponential"});
  CHECK(one["fit"]["pools"].size() == 1);
  CHECK(one["fit"]["runs"] < fitted()["fit"]["runs"]);
  const json limited = fitted({"--max-price", "1"});
  CHECK(limited["fit"]["max_price_usd_per_h"] == 1.0);
  CHECK(limited["fit"]["running_h"] < fitted()["fit"]["running_h"]);
}

TEST_CASE("the table of a fit keeps to eighty columns and ends with what goes into a scenario") {
  const Scratch scratch;
  const Ran ran = run_spotmix({"import", kNineZoneTrace, "--fit", "--out", "fit.json"}, scratch.path());
  CHECK(ran.exit_code == 0);
  const std::string table =
      ran.out.substr(0, ran.out.find("  \"interruptions\""));  // the rest is to be copied
  std::size_t columns = 0;
  for (const char c : table) {
    const bool continues_a_character = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    columns = c == '\n' ? 0 : columns + (continues_a_character ? 0 : 1);
    REQUIRE(columns <= 80);
  }
  const auto written = file_text(scratch / "fit.json");
  REQUIRE(written);
  CHECK(ran.out.find("\"interruptions\": {\"hazard\": " +
                     json::parse(*written)["interruptions"]["hazard"].dump().substr(0, 10)) !=
        std::string::npos);
}

TEST_CASE("run --fit refuses what it cannot tell") {
  const Scratch scratch;
  scratch.write("trace.json", R"({"spotmix_trace": 1, "source": "made up", "pools": [
    {"instance": "c5.large", "zone": "us-east-1a", "start": "2020-01-01T00:00:00Z",
     "end": "2020-01-02T00:00:00Z", "prices": {"after_s": [0], "usd_per_h": ["0.03"]}}]})");
  const auto said = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"import", "trace.json", "--fit"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ran ran = run_spotmix(arguments, scratch.path());
    CHECK(ran.exit_code == 2);
    CHECK(ran.out == "");
    return ran.err;
  };
  CHECK(said({}) ==
        "spotmix: trace.json: found no capacity that rises and falls, expected it, or prices and "
        "--max-price\n");
  CHECK(said({"--max-price", "0.04"}) ==
        "spotmix: trace.json: found no time at which an instance began to be had, expected at least one\n");
  CHECK(said({"--pool", "c5.larg us-east-1a"}) ==
        "spotmix: trace.json: --pool: found \"c5.larg us-east-1a\", expected \"c5.large us-east-1a\"; did "
        "you mean "
        "\"c5.large us-east-1a\"?\n");
  CHECK(said({"--distribution", "gamma"}).find("--distribution: found \"gamma\", expected one of") !=
        std::string::npos);
  CHECK(run_spotmix({"import", "trace.json"}, scratch.path()).err ==
        "spotmix: import: expected --out FILE, the file to write (or --fit)\n");
}

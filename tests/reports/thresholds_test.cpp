#include "reports/results/thresholds.h"

#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/json/result_json.h"
#include "reports/results/figures.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

TEST_CASE("A metric's name is its path in the result JSON and its value the figure there") {
  const Report report = sample_report();
  std::ostringstream out;
  write_result_json(report, false, out);
  const nlohmann::json document = nlohmann::json::parse(out.str());
  for (const Metric& metric : metrics()) {
    INFO(metric.name);
    std::string pointer = "/" + metric.name;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    const nlohmann::json& mix = document["mixes"][0];
    REQUIRE(mix.contains(nlohmann::json::json_pointer(pointer)));
    const nlohmann::json& figure = mix[nlohmann::json::json_pointer(pointer)];
    const auto value = metric.value(report.batch.mixes[0], report.steps[0]);
    CHECK(value.has_value() == figure.is_number());
    if (value) CHECK(figure == *value);
    CHECK(!metric.value(report.batch.mixes[3], report.steps[3]));
  }
}

TEST_CASE("A threshold without a mix is about every mix and its bounds are allowed") {
  const Report report = sample_report();
  const auto results = judge({{"cost_usd.mean", std::nullopt, std::nullopt, 432}}, report);
  REQUIRE(results.size() == 4);
  CHECK(!results[0].met);
  CHECK(results[1].met);
  CHECK(results[2].met);
}

TEST_CASE("Rates have limits like other figures") {
  const auto results = judge({{"rates.mfu", std::nullopt, 0.4, std::nullopt}}, sample_report());
  REQUIRE(results.size() == 4);
  CHECK(results[0].value == 0.375);
  CHECK(!results[0].met);
  CHECK(!results[2].value);
  CHECK(judge({{"rates.usd_per_million_samples", "on demand", std::nullopt, 13}}, sample_report())[0].met);
}

TEST_CASE("an unknown figure does not meet a threshold") {
  const auto results = judge({{"cost_usd.mean", "too small", std::nullopt, 1e9}}, sample_report());
  REQUIRE(results.size() == 1);
  CHECK(!results[0].met);
  CHECK(text_of(results[0]) == "cost_usd.mean of too small is unknown, allowed at most 1000000000");
}

TEST_CASE("a mix that never trained to the end has no cost that a limit could allow") {
  Report report = sample_report();
  report.batch.mixes[0].finished.value = 0.0;
  const auto cost = judge({{"cost_usd.mean", report.batch.mixes[0].name, std::nullopt, 1e9}}, report);
  REQUIRE(cost.size() == 1);
  CHECK(!cost[0].met);
  CHECK(!cost[0].value);
  const auto interruptions =
      judge({{"interruptions.mean", report.batch.mixes[0].name, std::nullopt, 1e9}}, report);
  CHECK(interruptions[0].met);
}

TEST_CASE("a report is over a limit as soon as one threshold is") {
  Report report = sample_report();
  CHECK(any_crossed(report));
  report.thresholds.erase(report.thresholds.begin());
  CHECK(!any_crossed(report));
}

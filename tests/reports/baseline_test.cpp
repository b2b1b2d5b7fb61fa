#include "reports/baseline/baseline.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/text/width.h"
#include "reports/baseline/sampled.h"
#include "reports/baseline/write.h"
#include "reports/results/figures.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;

namespace {

/// Replications that differ, with what the figures of the mix come to.
void fill(sim::MixResult& mix, double factor, std::size_t count, double noise = 0) {
  mix.replications.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const double luck = std::fmod(static_cast<double>(i) * 0.618034, 1.0);
    const double other = std::fmod(static_cast<double>(i) * 0.754878, 1.0) * noise;
    mix.replications.push_back(outcome(10000 + 4000 * luck, (100 + 50 * luck) * factor + other, 3));
  }
  const SampledFigures figures = figures_of({mix.replications, {hours{20}, from_usd(1500)}});
  mix.time_to_train_s->mean = figures[0];
  mix.cost_usd->mean = figures[4];
  mix.cost_usd->p05 = figures[5];
  mix.cost_usd->p50 = figures[6];
  mix.cost_usd->p95 = figures[7];
}

Report report_with(double factor = 1, std::size_t count = 300, double noise = 0) {
  Report report = sample_report();
  for (sim::MixResult& mix : report.batch.mixes) {
    if (feasible(mix)) fill(mix, factor, count, noise);
  }
  report.reproduction = Reproduction{"spotmix", "{}", {{"scenario", "s.json", std::string(64, 'a')}}};
  return report;
}

Comparison compare_with(const Report& before, const Report& now, double tolerance = 0.001) {
  return compare({{baseline_of(before)}}, {now}, tolerance);
}

std::vector<std::string> drifting(const Comparison& comparison) {
  std::vector<std::string> metrics;
  for (const Difference& difference : comparison.scenarios.front().differences) {
    if (difference.drift && difference.mix == "spot across zones") metrics.push_back(difference.metric);
  }
  return metrics;
}

template <class Write>
std::string text_of(Write write, const Comparison& comparison) {
  std::ostringstream out;
  write(comparison, out);
  return out.str();
}

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string table_of(const Comparison& comparison, std::size_t width = 80) {
  std::ostringstream out;
  write_comparison_table(comparison, {width, false}, out);
  return out.str();
}

}  // namespace

TEST_CASE("Equal results drift in no figure") {
  const Comparison comparison = compare_with(report_with(), report_with());
  CHECK(!drifted(comparison));
  for (const Difference& difference : comparison.scenarios.front().differences) CHECK(!difference.changed());
}

TEST_CASE("A cost one percent higher in every replication is drift of the cost and of nothing else") {
  const Comparison comparison = compare_with(report_with(), report_with(1.01));
  CHECK(drifting(comparison) ==
        std::vector<std::string>{"cost_usd.mean", "cost_usd.p05", "cost_usd.p50", "cost_usd.p95"});
  CHECK(!drifted(compare_with(report_with(), report_with(1.01), 0.02)));
}

TEST_CASE("a change within what chance does is no drift") {
  // Twenty dollars of noise on 300 replications leave the mean a standard error of 0.3 $.
  const Comparison comparison = compare_with(report_with(1, 300, 20), report_with(1, 301, 20));
  CHECK(!comparison.scenarios.front().paired);
  CHECK(drifting(comparison).empty());
}

TEST_CASE("pairing by replication finds what separate samples would not") {
  const Report before = report_with(1, 300);
  const Report after = report_with(1.004, 300);
  CHECK(!drifting(compare_with(before, after)).empty());
  CHECK(drifting(compare_with(before, report_with(1.004, 299))).empty());
}

TEST_CASE("A step is compared exactly up to the tolerance") {
  Report now = report_with();
  now.steps[1]->time_s = *now.steps[1]->time_s * 1.002;
  CHECK(drifting(compare_with(report_with(), now)) == std::vector<std::string>{"step.time_s"});
  CHECK(!drifted(compare_with(report_with(), now, 0.01)));
}

TEST_CASE("a mix that does not depend on chance is compared in all its figures") {
  Report before = report_with();
  before.batch.mixes[1].replications.assign(10, outcome(10, 10, 0));
  Report now = before;
  now.batch.mixes[1].cost_by_cause_usd.waiting += 1;
  CHECK(drifting(compare_with(before, now)) == std::vector<std::string>{"cost_by_cause_usd.waiting"});
}

TEST_CASE("Mixes that came or went or no longer fit are drift") {
  Report now = report_with();
  now.batch.mixes[0].name = "another";
  const Comparison comparison = compare_with(report_with(), now);
  CHECK(comparison.scenarios.front().added == std::vector<std::string>{"another"});
  CHECK(comparison.scenarios.front().removed == std::vector<std::string>{"on demand"});
  CHECK(drifted(comparison));

  Report unfit = report_with();
  unfit.batch.mixes[1] = infeasible_mix("spot across zones");
  CHECK(drifting(compare_with(report_with(), unfit)).front() == "feasible");
}

TEST_CASE("A baseline of another seed or of other scenarios does not fit") {
  Report now = report_with();
  now.batch.seed = 43;
  CHECK_THROWS_WITH(compare_with(report_with(), now),
                    "sample: found seed 43, the baseline has seed 42; --update records it anew");
  now = report_with();
  now.scenario = "other";
  CHECK_THROWS_WITH(
      compare_with(report_with(), now),
      "the baseline is of other scenarios; only it has: sample; it lacks: other; --update records it anew");
  CHECK_THROWS_AS(compare({{baseline_of(now)}}, {now, now}, 0), BadBaseline);
}

TEST_CASE("A comparison names what changed of version and scenario and data and code") {
  Report now = report_with(1.01);
  now.spotmix_version = "0.2.0";
  now.reproduction->inputs[0].sha256 = std::string(64, 'b');
  now.reproduction->inputs.push_back({"prices", "p.json", std::string(64, 'c')});
  CHECK(compare_with(report_with(), now).scenarios.front().changes ==
        std::vector<std::string>{"spotmix 0.1.0 → 0.2.0", "scenario s.json: aaaaaaaaaaaa → bbbbbbbbbbbb",
                                 "prices p.json: new, cccccccccccc"});
  CHECK(table_of(compare_with(report_with(), report_with(1.01)), 120).find("the program's code") !=
        std::string::npos);
}

TEST_CASE("A baseline that is written reads back the same and one of another version does not") {
  std::ostringstream out;
  write_baseline({{baseline_of(report_with())}}, out);
  const Scratch scratch;
  const auto file = scratch.write("baseline.json", out.str());
  std::ostringstream again;
  write_baseline(read_baseline(file), again);
  CHECK(again.str() == out.str());
  std::string other = out.str();
  other.replace(other.find(": 1"), 3, ": 7");
  scratch.write("baseline.json", other);
  CHECK_THROWS_WITH(read_baseline(file), Catch::Contains("baseline_version: found 7, expected 1"));
  std::filesystem::remove(file);
  CHECK_THROWS_WITH(read_baseline(file), Catch::Contains("found no such file, expected a readable one"));
}

TEST_CASE("A baseline compares what replications tell") {
  std::vector<std::string> names;
  for (const Metric* metric : sampled_metrics()) names.push_back(metric->name);
  CHECK(names == std::vector<std::string>{
                     "time_to_train_s.mean", "time_to_train_s.p05", "time_to_train_s.p50",
                     "time_to_train_s.p95", "cost_usd.mean", "cost_usd.p05", "cost_usd.p50", "cost_usd.p95",
                     "interruptions.mean", "interruptions.p95", "goodput.mean", "goodput.p05",
                     "finished_fraction", "on_time_probability", "within_budget_probability"});
}

TEST_CASE("the bootstrap's error of a mean is that of the textbook") {
  std::vector<sim::ReplicationOutcome> before;
  std::vector<sim::ReplicationOutcome> after;
  for (int i = 0; i < 400; ++i) {
    before.push_back(outcome(100, 100, 0));
    after.push_back(outcome(100, i % 2 == 0 ? 90 : 110, 0));
  }
  const SampledFigures errors = standard_errors({before, {}}, {after, {}}, true);
  CHECK(errors[4] == Approx(10 / std::sqrt(400.0)).epsilon(0.15));
  CHECK(errors[0] == 0);
}

TEST_CASE("a comparison prints as approved in every format") {
  Report now = report_with(1.01);
  now.batch.mixes[0].name = "another";
  now.reproduction->inputs[0].sha256 = std::string(64, 'b');
  const Comparison comparison = compare_with(report_with(), now);
  require_approved("reports/check.txt", table_of(comparison));
  require_approved("reports/check.xml", text_of(write_comparison_junit, comparison));
  require_approved("reports/check.md", text_of(write_comparison_markdown, comparison));
  const auto json = nlohmann::json::parse(text_of(write_comparison_json, comparison));
  CHECK(json["drift"] == true);
  CHECK(json["scenarios"][0]["added_mixes"][0] == "another");
}

TEST_CASE("Every format says first whether the winner changed and by how much the best cost") {
  const Comparison comparison = compare_with(report_with(), report_with(1.01));
  const ScenarioComparison& scenario = comparison.scenarios.front();
  REQUIRE(scenario.winner);
  const std::string text = winner_text(*scenario.winner);
  CHECK(text.find("the best cost went from") != std::string::npos);
  CHECK(table_of(comparison, 200).find(text) < table_of(comparison, 200).find("cost_usd.mean"));
  const std::string markdown = text_of(write_comparison_markdown, comparison);
  CHECK(markdown.find("**The winner is still ") < markdown.find("| mix |"));
  const std::string xml = text_of(write_comparison_junit, comparison);
  CHECK(xml.find("<property name=\"winner\" value=\"" + text + "\"/>") < xml.find("<testcase"));
  const auto json = nlohmann::json::parse(text_of(write_comparison_json, comparison));
  CHECK(json["scenarios"][0]["winner"]["changed"] == false);
  CHECK(json["scenarios"][0]["winner"]["text"] == text);
  CHECK(json["scenarios"][0]["winner"]["best_cost_usd"]["after"] >
        json["scenarios"][0]["winner"]["best_cost_usd"]["before"]);
}

TEST_CASE("Equal changes are one line of every format") {
  Report before = report_with();
  for (std::size_t i : {1UL, 2UL}) before.batch.mixes[i].replications.assign(10, outcome(10, 10, 0));
  Report now = before;
  for (std::size_t i : {1UL, 2UL}) now.batch.mixes[i].cost_by_cause_usd.waiting += 1;
  for (std::size_t i : {1UL, 2UL}) now.batch.mixes[i].cost_by_cause_usd.startup = 7;
  for (std::size_t i : {1UL, 2UL}) before.batch.mixes[i].cost_by_cause_usd.startup = 6;
  for (std::size_t i : {1UL, 2UL}) before.batch.mixes[i].cost_by_cause_usd.lost_work = 6;
  for (std::size_t i : {1UL, 2UL}) now.batch.mixes[i].cost_by_cause_usd.lost_work = 7;
  const Comparison comparison = compare_with(before, now);
  const auto json = nlohmann::json::parse(text_of(write_comparison_json, comparison));
  const auto& folded = json["scenarios"][0]["folded"];
  REQUIRE(folded.size() == 2);
  CHECK(folded[0]["metrics"] ==
        std::vector<std::string>{"cost_by_cause_usd.lost_work", "cost_by_cause_usd.startup"});
  CHECK(folded[0]["mixes"].size() == 2);
  CHECK(folded[0]["before"] == 6);
  const std::string markdown = text_of(write_comparison_markdown, comparison);
  CHECK(times_in(markdown, "\n| ✗ |") == 2);
  CHECK(markdown.find("cost&#95;by&#95;cause&#95;usd.lost&#95;work, startup") != std::string::npos);
  const std::string xml = text_of(write_comparison_junit, comparison);
  CHECK(xml.find("cost_by_cause_usd.lost_work, startup of spot across zones: $6.00 → $7.00") !=
        std::string::npos);
}

TEST_CASE("A figure that an older baseline does not keep is not drift") {
  BaselineScenario older = baseline_of(report_with());
  for (BaselineMix& mix : older.mixes) {
    std::erase_if(mix.metrics, [](const auto& metric) { return metric.first.starts_with("rates."); });
    std::erase_if(mix.metrics, [](const auto& metric) { return metric.first == "step.time_s"; });
  }
  CHECK(!drifted(compare({{older}}, {report_with()}, 0)));
}

TEST_CASE("Hostile names leave a comparison's XML and JSON valid and its tables whole") {
  for (const std::string& name :
       {std::string("<script>alert(1)</script>"), std::string("]]>&\"'"), std::string("=cmd()|' /C calc'!A0"),
        std::string("two\nlines\r\n|a|b|"), std::string("\x01\x1b[31m\xff"),
        // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape
        std::string("\u202e right to left"), std::string(10'000, 'n')}) {
    Report before = report_with();
    before.scenario = name;
    before.batch.mixes[1].name = name;
    Report now = report_with(1.01);
    now.scenario = name;
    now.batch.mixes[1].name = name;
    now.batch.mixes[0].name = name + "2";
    const Comparison comparison = compare({{baseline_of(before)}}, {now}, 0.001);
    boost::property_tree::ptree tree;
    std::istringstream xml(text_of(write_comparison_junit, comparison));
    CHECK_NOTHROW(boost::property_tree::read_xml(xml, tree));
    CHECK(tree.count("testsuites") == 1);
    CHECK(xml.str().find('\x01') == std::string::npos);
    CHECK(xml.str().find("<script") == std::string::npos);
    CHECK(nlohmann::json::accept(text_of(write_comparison_json, comparison)));
    const std::string markdown = text_of(write_comparison_markdown, comparison);
    CHECK(markdown.find("<script") == std::string::npos);
    CHECK(markdown.size() < 65'536);
    std::istringstream rows(markdown);
    for (std::string row; std::getline(rows, row);) {
      if (row.starts_with("|")) CHECK(std::count(row.begin(), row.end(), '|') == 8);
    }
    std::istringstream lines(table_of(comparison, 60));
    for (std::string line; std::getline(lines, line);) CHECK(display_width(line) <= 60);
  }
}

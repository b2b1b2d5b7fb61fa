// Doubts about a result: told beside the verdict everywhere, read back, and compared.
#include "reports/results/warnings.h"

#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/text/quantities.h"
#include "reports/baseline/compare.h"
#include "reports/baseline/write.h"
#include "reports/json/read_result.h"
#include "reports/json/result_json.h"
#include "reports/markdown/summary.h"
#include "reports/results/difference.h"
#include "reports/terminal/difference_table.h"
#include "reports/terminal/table.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

Report doubtful() {
  Report report = sample_report();
  const std::string no_risk = "nothing takes its spot instances away";
  report.warnings = {
      {"sequence_length_assumed", std::nullopt, "workload.sequence_length: missing; 512 tokens are assumed"},
      {"no_interruption_risk", report.batch.mixes[1].name, no_risk},
      {"no_interruption_risk", report.batch.mixes[2].name, no_risk},
      {"checkpoint_interval", report.batch.mixes[2].name, "Young's checkpoint interval is 12.0 minutes"}};
  return report;
}

std::string json_of(const Report& report) {
  std::ostringstream out;
  write_result_json(report, false, out);
  return out.str();
}

std::string table_of(const Report& report) {
  std::ostringstream out;
  TerminalStyle style;
  style.width = 160;
  write_table(report, style, out);
  return out.str();
}

std::string markdown_of(const Report& report) {
  std::ostringstream out;
  write_markdown(report, out);
  return out.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Warnings are in the result JSON with code and mix and text and are read back") {
  const Report report = doubtful();
  const json written = json::parse(json_of(report));
  REQUIRE(written["warnings"].size() == 4);
  CHECK(written["warnings"][0]["code"] == "sequence_length_assumed");
  CHECK(written["warnings"][0]["mix"].is_null());
  CHECK(written["warnings"][1]["mix"] == "spot across zones");
  CHECK(read_results(json_of(report)).front().warnings == report.warnings);
}

TEST_CASE("A result of an older version has no warnings and no traffic of its own among the causes") {
  json older = json::parse(json_of(doubtful()));
  older.erase("warnings");
  for (const char* cause : {"transfer", "storage", "service_fee"})
    older["mixes"][0]["cost_by_cause_usd"].erase(cause);
  const Report read = read_results(older.dump()).front();
  CHECK(read.warnings.empty());
  CHECK_FALSE(read.batch.mixes[0].cost_by_cause_usd.transfer);
  CHECK(read.batch.mixes[1].cost_by_cause_usd.transfer == 0.0);
  CHECK(json::parse(json_of(read))["mixes"][0]["cost_by_cause_usd"]["transfer"].is_null());
}

TEST_CASE("The terminal tells warnings of mixes after the verdict and what is equal once") {
  const std::string table = table_of(doubtful());
  CHECK(table.find("Cheapest that makes it") < table.find("warning: "));
  CHECK(has(table, "warning: spot across zones, spot, us-"));
  CHECK(has(table, "nothing takes its spot instances away"));
  CHECK(table.find("nothing takes") == table.rfind("nothing takes"));
  // Those of the scenario go to standard error.
  CHECK_FALSE(has(table, "512 tokens"));
}

TEST_CASE("The summary has a section of all warnings") {
  const std::string summary = markdown_of(doubtful());
  CHECK(has(summary, "### Warnings"));
  CHECK(has(summary, "512 tokens are assumed"));
  CHECK(has(summary, "nothing takes its spot instances away"));
  Report sure = sample_report();
  sure.sources.clear();
  CHECK_FALSE(has(markdown_of(sure), "### Warnings"));
}

TEST_CASE("What nobody measured is told in one line") {
  Report report = sample_report();
  report.sources = {{{"boot time", models::SourceKind::assumed, "360 s", "", {}},
                     {"spot price", models::SourceKind::published, "a trace", "", {}}},
                    {{"boot time", models::SourceKind::assumed, "360 s", "", {}},
                     {"spot capacity", models::SourceKind::assumed, "as many as asked for", "", {}}}};
  CHECK(assumptions_text(report) == "Assumed, not measured: boot time, spot capacity.");
  CHECK(has(table_of(report), "Assumed, not measured: boot time, spot capacity."));
  CHECK(has(markdown_of(report), "Assumed, not measured: boot time, spot capacity."));
  CHECK(assumptions_text(Report{}).empty());
}

TEST_CASE("Traffic that is more than a tenth of a mix's cost is told under the table") {
  Report report = sample_report();
  sim::MixResult& spot = report.batch.mixes[1];
  spot.cost_usd->mean = 1000;
  spot.cost_breakdown_usd = {900, 0, 0, 0, 0, 100};
  CHECK(traffic_text(report).empty());
  spot.cost_breakdown_usd = {800, 0, 0, 0, 0, 200};
  report.batch.mixes[0].cost_usd->mean = 100;
  report.batch.mixes[0].cost_breakdown_usd = {0, 10, 0, 0, 0, 90};
  const std::string text = "Traffic between zones and regions costs $90.00 (" + percent_text(0.9) +
                           ") of on demand, $200.00 (" + percent_text(0.2) + ") of spot across zones.";
  CHECK(traffic_text(report) == text);
  CHECK(has(table_of(report), text));
  CHECK(table_of(report).find(text) < table_of(report).find("Cheapest that makes it"));
  CHECK(has(markdown_of(report), "Traffic between zones and regions costs"));
}

TEST_CASE("A comparison of two results says which warnings are new and which are gone") {
  Report after = doubtful();
  after.warnings.erase(after.warnings.begin());
  after.warnings.push_back({"traffic_not_charged", std::nullopt, "its price is not known"});
  const ResultDifference difference = difference_of(doubtful(), after);
  REQUIRE(difference.new_warnings.size() == 1);
  CHECK(difference.new_warnings[0].code == "traffic_not_charged");
  REQUIRE(difference.gone_warnings.size() == 1);
  CHECK(difference.gone_warnings[0].code == "sequence_length_assumed");
  std::ostringstream out;
  write_difference_table(difference, {}, out);
  CHECK(has(out.str(), "new warning: its price is not known"));
}

TEST_CASE("A check says which warnings are new and older baselines know none") {
  Baseline baseline;
  baseline.scenarios = {baseline_of(sample_report())};
  const auto compared = [&] { return compare(baseline, {doubtful()}, 0.01); };
  const Comparison with = compared();
  CHECK(with.scenarios[0].new_warnings.size() == 4);
  CHECK_FALSE(drifted(with));
  std::ostringstream out;
  write_comparison_table(with, {}, out);
  CHECK(has(out.str(), "new warning: "));
  baseline.scenarios[0].warnings.reset();
  CHECK(compared().scenarios[0].new_warnings.empty());
}

#include "reports/results/figures.h"

#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "reports/json/read_result.h"
#include "reports/json/result_json.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

/// The schema of a figure, below the mix or the step.
json schema_of(const Figure& figure) {
  static const json kSchema = json::parse(result_schema());
  const json& mix = kSchema["definitions"][figure.of_step ? "step" : "mix"];
  const std::string key(figure.key());
  const json& owner = figure.group().empty() ? mix : mix["properties"][std::string(figure.group())];
  REQUIRE(owner["properties"].contains(key));
  return owner["properties"][key];
}

std::vector<std::string> names_of(const std::vector<FigurePart>& parts) {
  std::vector<std::string> names;
  for (const FigurePart& part : parts) names.push_back(part.name);
  return names;
}

std::string kind_text(const Figure& figure) {
  if (figure.kind != FigureKind::parts) return std::string(name_of(figure.kind));
  return fmt::format("parts: `{}`", fmt::join(names_of(figure.parts), "`, `"));
}

/// The table of docs/results.md.
std::string docs_table() {
  std::string table = "| figure | unit | kind | meaning |\n| --- | --- | --- | --- |\n";
  for (const Figure& figure : figures()) {
    table += fmt::format("| `{}` | {} | {} | {} |\n", figure.name, name_of(figure.unit), kind_text(figure),
                         figure.sentence);
  }
  return table;
}

}  // namespace

TEST_CASE("Each figure has names of its own and says in one sentence what it is") {
  std::set<std::string> names;
  for (const Figure& figure : figures()) {
    INFO(figure.name);
    CHECK(names.insert(figure.name).second);
    CHECK(figure.sentence.ends_with("."));
    CHECK(!figure.parts.empty());
    CHECK((figure.interval.empty() || figure.interval.size() == 2));
    for (const FigureColumn& column : figure.columns) CHECK(column.part < figure.parts.size());
  }
}

TEST_CASE("The columns of the table of mixes have places and ranks of their own") {
  std::set<int> places;
  std::set<int> ranks;
  for (const Figure& figure : figures()) {
    for (const FigureColumn& column : figure.columns) {
      INFO(column.heading.text);
      CHECK(places.insert(column.place).second);
      CHECK((column.rank == 0 || ranks.insert(column.rank).second));
    }
  }
  REQUIRE(!ranks.empty());
  CHECK(*ranks.rbegin() == kLastRank);
  CHECK(ranks.size() == kLastRank);
}

TEST_CASE("docs/results.md has the table of figures") {
  const auto docs = file_text(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "docs" / "results.md");
  REQUIRE(docs);
  INFO("expected in docs/results.md:\n" << docs_table());
  CHECK(docs->find("\n\n" + docs_table() + "\n") != std::string::npos);
}

TEST_CASE("The result schema has every figure with its parts and its sentence") {
  for (const Figure& figure : figures()) {
    INFO(figure.name);
    const json schema = schema_of(figure);
    CHECK(schema.value("description", "") == figure.sentence);
    if (figure.kind != FigureKind::parts) continue;
    CHECK(schema["required"] == names_of(figure.parts));
    CHECK(schema["properties"].size() == figure.parts.size());
  }
}

TEST_CASE("The result schema has no figure that the table lacks") {
  std::set<std::string> known = {
      "name", "reference", "feasible",    "infeasible_reason", "replications",         "on_pareto_front",
      "step", "sources",   "fingerprint", "outcomes",          "interruptions_modeled"};
  std::set<std::string> of_step = {"parallelism", "error"};
  for (const Figure& figure : figures()) {
    const std::string key(figure.group().empty() ? figure.key() : figure.group());
    (figure.of_step ? of_step : known).insert(key);
    if (figure.kind == FigureKind::proportion) known.insert(key + "_ci95");
  }
  const json definitions = json::parse(result_schema())["definitions"];
  for (const auto& [key, schema] : definitions["mix"]["properties"].items()) CHECK(known.contains(key));
  for (const auto& [key, schema] : definitions["step"]["properties"].items()) CHECK(of_step.contains(key));
}

TEST_CASE("A figure that an older result lacks is read as unknown") {
  std::ostringstream out;
  write_result_json(sample_report(), false, out);
  json older = json::parse(out.str());
  REQUIRE(!older["mixes"][0]["step"].is_null());
  older["mixes"][0]["step"].erase("samples_per_s");
  older["mixes"][0].erase("goodput");
  const Report report = read_results(older.dump()).front();
  CHECK(!report.steps[0]->samples_per_s);
  CHECK(!report.batch.mixes[0].goodput);
  CHECK(report.batch.mixes[0].cost_usd);
}

TEST_CASE("A result without the parts of the cost is refused") {
  std::ostringstream out;
  write_result_json(sample_report(), false, out);
  json broken = json::parse(out.str());
  broken["mixes"][0]["cost_breakdown_usd"].erase("spot");
  CHECK_THROWS_WITH(read_results(broken.dump()), Catch::Contains("mixes[0].cost_breakdown_usd"));
  broken["mixes"][0].erase("cost_breakdown_usd");
  CHECK_THROWS_WITH(read_results(broken.dump()), Catch::Contains("cost_breakdown_usd"));
}

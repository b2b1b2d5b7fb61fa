#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reports/json/result_json.h"
#include "tests/approval.h"
#include "tests/reports/sample.h"

using namespace spotmix;
using namespace spotmix::reports;
using namespace spotmix::tests;
using nlohmann::json;

namespace {

std::string result(const Report& report, bool with_outcomes) {
  std::ostringstream out;
  write_result_json(report, with_outcomes, out);
  return out.str();
}

/// What the schema has against a document; empty when it is valid.
std::string violations(const json& document) {
  const json schema_document = json::parse(result_schema());
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document), schema);
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
  std::string text;
  for (const auto& error : results) text += error.description + "\n";
  return text;
}

}  // namespace

TEST_CASE("the result JSON is as approved and as its schema says") {
  const std::string text = result(sample_report(), false);
  require_approved("reports/result.json", text);
  CHECK(violations(json::parse(text)) == "");
}

TEST_CASE("with outcomes the result JSON is valid too and lists each replication") {
  const json document = json::parse(result(sample_report(), true));
  CHECK(violations(document) == "");
  const json& outcomes = document["mixes"][2]["outcomes"];
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0]["time_to_train_s"] == 64000.0);
  CHECK(outcomes[1]["time_to_train_s"].is_null());
  CHECK(outcomes[0]["goodput"] == 0.9);
}

TEST_CASE("the schema refuses what is no result") {
  const json good = json::parse(result(sample_report(), false));
  json missing = good;
  missing["mixes"][0].erase("cost_usd");
  CHECK(violations(missing) != "");
  json unknown = good;
  unknown["mixes"][0]["colour"] = "red";
  CHECK(violations(unknown) != "");
  json zero_for_unknown = good;
  zero_for_unknown["mixes"][0]["fingerprint"] = 0;
  CHECK(violations(zero_for_unknown) != "");
}

/// Of an object: all that it holds.
bool is_nothing(const json& value) {
  return value.is_object() ? std::all_of(value.begin(), value.end(), is_nothing) : value.is_null();
}

TEST_CASE("Every figure of an infeasible mix is null and never 0") {
  const json mix = json::parse(result(sample_report(), false))["mixes"][3];
  CHECK(mix["feasible"] == false);
  for (const auto& [key, value] : mix.items()) {
    if (key == "name" || key == "feasible" || key == "infeasible_reason" || key == "on_pareto_front" ||
        key == "sources")
      continue;
    INFO(key);
    CHECK(is_nothing(value));
  }
}

TEST_CASE("hostile names leave the JSON valid and come back as they were") {
  Report report = sample_report();
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape
  const std::string name = "<script>\"=cmd()\n\u202E" + std::string(10'000, 'x');
  report.batch.mixes[0].name = name;
  report.batch.mixes[1].name = "no UTF-8: \xff";
  const json document = json::parse(result(report, false));
  CHECK(document["mixes"][0]["name"] == name);
  CHECK(violations(document) == "");
}

TEST_CASE("A result that is written whole is as its schema says whatever it holds") {
  Report report = sample_with_replay();
  report.reproduction = Reproduction{"spotmix run s.json", "{}", {{"scenario", "s.json", "abc"}}};
  report.market = MarketHistory{Time{}, Time{hours{1}}, std::vector<PoolHistory>(2)};
  for (const Report& each : {sample_report(), report}) {
    std::ostringstream out;
    write_whole_result_json(each, out);
    CHECK(violations(json::parse(out.str())) == "");
  }
}

TEST_CASE("several results are one document") {
  const Report report = sample_report();
  std::ostringstream out;
  write_results_json("0.1.0", {&report, &report}, false, out);
  const json document = json::parse(out.str());
  REQUIRE(document["results"].size() == 2);
  CHECK(document["results"][1] == json::parse(result(report, false)));
}

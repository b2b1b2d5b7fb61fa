#include "base/json/schema.h"

#include <nlohmann/json.hpp>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "base/json/schema_words.h"

namespace spotmix {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

/// valijson's verdict as problems: empty when it finds the document valid.
Problems judge(const std::string& file, const json& document, const json& schema) {
  valijson::Schema parsed;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(NlohmannJsonAdapter(schema), parsed);
  valijson::Validator validator;
  valijson::ValidationResults results;
  Problems problems;
  if (validator.validate(parsed, NlohmannJsonAdapter(document), &results)) return problems;
  for (const auto& error : results) {
    std::string where;
    for (const std::string& part : error.context) where += part == "<root>" ? "" : part;
    problems.push_back({file, where, error.description});
  }
  return problems;
}

}  // namespace

Problems check_schema(const std::string& file, json& document, const json& schema) {
  Problems verdict = judge(file, document, schema);
  if (verdict.empty()) return verdict;
  Problems in_words = violations_in_words(file, document, schema);
  return in_words.empty() ? verdict : in_words;
}

}  // namespace spotmix
